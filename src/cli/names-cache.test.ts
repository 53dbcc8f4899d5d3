import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { completeNames } from './complete-names.ts';
import { cachedNames, namesKey } from './names-cache.ts';

const KITCHEN = 'driver: docker\nplatforms: [{name: debian-12}]\nsuites: [{name: web}]\n';

await tap.test('names are remembered until a kitchen file changes', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': KITCHEN });
  t.equal(cachedNames(cwd, namesKey(cwd, {})), undefined);
  t.equal(await completeNames(cwd, {}), 'web-debian-12\n');
  t.same(cachedNames(cwd, namesKey(cwd, {})), ['web-debian-12']);
  writeFileSync(join(cwd, 'kitchen.local.yml'), 'suites: [{name: other}]\n');
  t.equal(cachedNames(cwd, namesKey(cwd, {})), undefined, 'an overlay appeared');
  t.equal(await completeNames(cwd, {}), 'other-debian-12\n');
  t.equal(cachedNames(cwd, namesKey(cwd, { KITCHEN_LOCAL_YAML: 'x.yml' })), undefined);
  t.same(readdirSync(join(cwd, '.galley')), ['names.json'], 'no temporary file is left');
});

await tap.test('a broken kitchen offers nothing and says nothing', async (t) => {
  t.equal(await completeNames(t.testdir({ 'kitchen.yml': 'suites: [' }), {}), '');
  t.equal(await completeNames(t.testdir(), {}), '');
});
