import { join } from 'node:path';
import tap from 'tap';
import { createPlugins } from '../../plugins.ts';
import type { Terminal } from '../../reporters/terminal.ts';
import type { Host } from '../host.ts';
import { linkedFolders } from '../linked-folders.ts';
import { configsOf, kitchenFiles, readWatched, watchedPaths } from './read-watched.ts';

const silent: Terminal = { write: () => undefined, columns: () => 80, isTty: false, color: false };
const KITCHEN = `
driver: {name: docker}
provisioner: {name: shell, command: "true", data_path: ../shared}
platforms: [{name: debian-12}]
suites:
  - {name: bare}
  - {name: tested, verifier: {checks: [{port: 80}]}}
  - {name: emptied, verifier: {checks: []}}
`;

function hostOf(cwd: string, env: Host['env'] = {}): Host {
  return { cwd, env, stdout: silent, stderr: silent, owner: 'a@b', cacheDir: '/nowhere' };
}

const args = { debug: false, verbose: false };

await tap.test('instances without checks are watched too, in the order of the kitchen', async (t) => {
  const host = hostOf(t.testdir({ 'kitchen.yml': KITCHEN }));
  const { resolved } = await readWatched(args, host, createPlugins(host));
  t.same(
    resolved.map((one) => [one.instance.name, one.checks.length]),
    [
      ['bare-debian-12', 0],
      ['tested-debian-12', 1],
      ['emptied-debian-12', 0],
    ],
  );
});

await tap.test('a test suite that this Galley lacks is no absence of checks', async (t) => {
  const host = hostOf(
    t.testdir({ 'kitchen.yml': KITCHEN.replace('{name: bare}', '{name: bare, verifier: nobodys}') }),
  );
  await t.rejects(readWatched(args, host, createPlugins(host)), { code: /^config\./ });
});

await tap.test(
  'watched are the folder, and what settings, Berksfile and Policyfile lead to outside of it',
  async (t) => {
    const dir = t.testdir({
      web: {
        'kitchen.yml': KITCHEN,
        Berksfile: "metadata\ncookbook 'base', path: '../base'\ncookbook 'own', path: './own'\n",
        'Policyfile.rb': 'cookbook "old", :path => "../old"\n',
      },
    });
    const host = hostOf(join(dir, 'web'), { KITCHEN_LOCAL_YAML: '' });
    const watched = await readWatched(args, host, createPlugins(host));
    const linked = await linkedFolders(configsOf(watched), host.cwd);
    t.same(watchedPaths(watched, linked), [
      host.cwd,
      join(dir, 'shared'),
      join(dir, 'old'),
      join(dir, 'base'),
    ]);
    const files = kitchenFiles(watched.kitchen, hostOf(host.cwd, { KITCHEN_LOCAL_YAML: '../over.yml' }));
    t.ok(files.includes(join(host.cwd, 'kitchen.local.yml')), 'an overlay that may come');
    t.ok(files.includes(join(dir, 'over.yml')));
  },
);
