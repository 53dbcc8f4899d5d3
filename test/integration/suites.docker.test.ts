import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import type { CheckReport } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';

// A team's existing tests, run unmodified against instances of the real engine.
const KITCHEN = `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner: {name: shell, command: "echo converged > /converged"}
platforms: [{name: debian-12}]
suites:
  - name: here
    verifier:
      name: shell
      command: 'test "$KITCHEN_INSTANCE-$KITCHEN_SUITE-$KITCHEN_PLATFORM-$MINE" = here-debian-12-here-debian-12-1 && docker exec "$KITCHEN_CONTAINER_ID" cat /converged'
      env: {MINE: 1}
  - name: there
    verifier: {name: shell, remote_exec: true, command: "grep -q converged /converged"}
  - name: both
    verifier:
      name: shell
      command: [echo TAP version 14, echo 1..2, echo ok 1 - first, "echo not ok 2 - second"]
      checks: [{file: /converged}]
  - name: red
    verifier: {name: shell, remote_exec: true, command: "echo the cause >&2; exit 3"}
  - name: missing
    verifier: {name: shell, command: no-such-program-here}
  - name: slow
    verifier: {name: shell, command: sleep 60, timeout: 1}
`;

const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;

await tap.test('verifier: shell', async (t) => {
  const cwd = join(REPO, '.galley', 'test', `suites-shell-${process.pid}`);
  await mkdir(cwd, { recursive: true });
  await writeFile(join(cwd, 'kitchen.yml'), KITCHEN);
  t.teardown(async () => {
    await galley(['destroy'], { cwd });
    await rm(cwd, { recursive: true, force: true });
  });
  const run = await galley(['verify', '-c', '3', '--events', 'events.ndjson'], { cwd });
  t.equal(run.code, 5, show(run));
  const events = await readEvents(join(cwd, 'events.ndjson'));
  const reports = new Map<string, CheckReport[]>();
  for (const event of events) {
    if (event.type !== 'check') continue;
    const suite = event.instance.replace('-debian-12', '');
    reports.set(suite, [...(reports.get(suite) ?? []), event.report]);
  }

  await t.test('a command here gets the peer’s variables and reaches the container', async (t) => {
    t.match(reports.get('here'), [{ type: 'shell', outcome: 'pass' }], show(run));
  });
  await t.test('a remote command runs on the instance', async (t) => {
    t.match(reports.get('there'), [{ outcome: 'pass', results: [{ source: 'on the instance' }] }]);
  });
  await t.test('each test of a TAP output is a case, and our checks run beside it', async (t) => {
    t.match(reports.get('both'), [
      { type: 'file', outcome: 'pass' },
      { id: 'shell.first', outcome: 'pass' },
      { id: 'shell.second', outcome: 'fail' },
      { outcome: 'pass', title: /^command echo TAP/ },
    ]);
  });
  await t.test('a failing command shows its last lines', async (t) => {
    t.match(reports.get('red'), [
      { outcome: 'fail', results: [{ observed: 'exit code 3', notes: ['the cause'] }] },
    ]);
    const [red] = reports.get('red') ?? [];
    t.equal(
      red?.hint,
      `galley verify red-debian-12 --check ${red?.id}   |   galley login red-debian-12`,
      'and what to do next',
    );
  });
  await t.test('a command that does not exist or does not end is an error, not a failure', async (t) => {
    t.match(reports.get('missing'), [{ outcome: 'error', results: [{ observed: 'exit code 127' }] }]);
    t.match(reports.get('slow'), [{ outcome: 'error', results: [{ observed: /within 1 s/ }] }]);
  });
});
