import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import type { CheckReport, PhaseSummary } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';

// Test Kitchen has no steps: issues 339 and 534 there asked for them.
const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;

async function folder(name: string): Promise<string> {
  const cwd = join(REPO, '.galley', 'test', `steps-${name}-${process.pid}`);
  await mkdir(cwd, { recursive: true });
  tap.teardown(async () => {
    await galley(['destroy'], { cwd });
    await rm(cwd, { recursive: true, force: true });
  });
  return cwd;
}

const shown = (phases: readonly PhaseSummary[] | undefined): readonly string[] =>
  (phases ?? []).map((phase) => `${phase.action} ${phase.step ?? '-'} ${phase.outcome}`);

await tap.test('an upgrade with two versions of a cookbook, and one that forgets the restart', async (t) => {
  const cwd = await folder('upgrade');
  await cp(join(REPO, 'fixtures/kitchens/upgrade'), cwd, {
    recursive: true,
    filter: (path) => !path.endsWith('.galley'),
  });
  const run = await galley(['verify', 'upgrade', 'forgotten', '-c', '2', '--events', 'events'], { cwd });
  t.equal(run.code, 5, show(run));
  const events = await readEvents(join(cwd, 'events'));
  const end = events.find((event) => event.type === 'run:end');
  const [upgrade, forgotten] = end?.type === 'run:end' ? end.instances : [];
  const way = ['create - passed', 'converge 1.4 passed', 'verify 1.4 passed', 'converge 2.0 passed'];
  t.match(upgrade, { outcome: 'passed', step: '2.0', checks: { pass: 7, fail: 0 } });
  t.same(shown(upgrade?.phases), [...way, 'verify 2.0 passed']);
  t.match(forgotten, { outcome: 'failed', step: '2.0', error: { code: 'verify.failed' } });
  t.same(shown(forgotten?.phases), [...way, 'verify 2.0 failed']);
  t.match(forgotten?.error?.message, /^step 2\.0: 1 of 3 checks/);
  t.match(
    run.stdout,
    /FAIL env processes of app\.service APP_VERSION {2}forgotten.* · step 2\.0 · kitchen\.yml/,
  );
  t.match(run.stdout, /forgotten-restart-debian-12 .* failed at 2\.0/);
  const reports = events.flatMap((event): CheckReport[] =>
    event.type === 'check' && event.instance.startsWith('upgrade') ? [event.report] : [],
  );
  t.same(
    reports.filter((report) => report.id === 'version').map((report) => report.step),
    ['1.4', '2.0'],
    'one id in two steps is told apart',
  );
  const resources = events.filter((event) => event.type === 'resource' && event.step === '2.0');
  t.ok(resources.length > 0, 'resources carry their step');

  const again = await galley(['verify', 'upgrade'], { cwd });
  t.equal(again.code, 0, show(again));
  t.notMatch(again.stdout, /converge/, 'a verified instance is verified again, at its last step alone');
  const back = await galley(['converge', 'upgrade', '--step', '1.4'], { cwd });
  t.equal(back.code, 2, show(back));
  t.match(back.stdout, /is at step 2\.0 already: step 1\.4 lies behind it/);
});

const KITCHEN = `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner: {name: shell}
platforms: [{name: debian-12}]
lifecycle: {post_converge: {remote: "echo hook >> /log"}}
suites:
  - name: s
    verifier: {checks: [{file: /log}]}
    steps:
      - {name: a, provisioner: {command: "echo a >> /log"}}
      - name: b
        provisioner: {command: "echo b >> /log; test -e /fixed"}
        checks: [{file: /log, content: {equal: "a\\nhook\\nb\\nb\\nhook\\n"}}]
  - {name: plain, provisioner: {command: "true"}, verifier: {checks: [{file: /etc}]}}
`;

await tap.test('a command goes on where the last one ended, and can stop at a step', async (t) => {
  const cwd = await folder('resume');
  await writeFile(join(cwd, 'kitchen.yml'), KITCHEN);
  const first = await galley(['verify', '--step', 'a'], { cwd });
  t.equal(first.code, 0, show(first));
  t.notMatch(first.stdout, /plain-debian-12/, 'only instances whose suite has the step');
  const failing = await galley(['verify', 's'], { cwd });
  t.equal(failing.code, 4, show(failing));
  t.match(failing.stdout, /step b: .*exit code 1/s);
  t.notMatch(failing.stdout, /converge a/);
  const [row] = JSON.parse((await galley(['list', 's-', '--json'], { cwd })).stdout) as object[];
  t.match(row, { last_action: 'verify', last_step: 'a', last_error: 'shell.converge_failed' });
  await galley(['exec', 's-debian-12', '--', 'touch', '/fixed'], { cwd });
  const fixed = await galley(['verify', 's'], { cwd });
  t.equal(fixed.code, 0, show(fixed));
  t.notMatch(fixed.stdout, /(create|converge a|verify a) …/, 'only what was not reached is run');
  t.match((await galley(['list', 's-'], { cwd })).stdout, /verify b/);

  const unknown = await galley(['verify', '--step', 'bb'], { cwd });
  t.equal(unknown.code, 2);
  t.match(unknown.stderr, /no selected instance has the step 'bb'.*did you mean 'b'/s);
  await writeFile(join(cwd, 'kitchen.yml'), KITCHEN.replace('name: b\n', 'name: c\n'));
  const renamed = await galley(['verify', 's'], { cwd });
  t.equal(renamed.code, 2, show(renamed));
  t.match(renamed.stdout, /was converged at step b, its suite now has the steps a, c/);
});
