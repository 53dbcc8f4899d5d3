import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap, { type Test } from 'tap';
import { GalleyError } from '../core/errors.ts';
import type { Kitchen } from '../core/kitchen.ts';
import { loadKitchen } from './load.ts';

function load(t: Test, reports: string): Promise<Kitchen> {
  const cwd = t.testdir();
  writeFileSync(join(cwd, 'kitchen.yml'), `kitchen:\n  reports: ${reports}\n`);
  return loadKitchen({ cwd, env: {} });
}

await tap.test('a report is text or a mapping', async (t) => {
  const { reports } = await load(t, '[html, "junit:out/", {format: junit, path: cb/, max_cases: 500}]');
  t.same(reports, [
    { format: 'html' },
    { format: 'junit', path: 'out/' },
    { format: 'junit', path: 'cb/', maxCases: 500 },
  ]);
  t.equal((await load(t, 'null')).reports, undefined);
});

await tap.test('a wrong one is a finding at its place', async (t) => {
  for (const [wrong, message] of [
    ['[htm]', /unknown report format 'htm'/],
    ['["junit:"]', /has a colon and no path/],
    ['[{format: htm}]', /format/],
    ['[{format: junit, pth: x}]', /pth/],
    ['[5]', /text or a mapping/],
    ['[null]', /text or a mapping/],
    ['html', /reports/],
  ] as const) {
    const error: unknown = await load(t, wrong).catch((thrown: unknown) => thrown);
    t.match(error, { kind: 'config', location: { file: 'kitchen.yml', line: 2 } }, wrong);
    t.match((error as GalleyError).message, message);
    t.ok(error instanceof GalleyError);
  }
});
