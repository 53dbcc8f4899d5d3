import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Dockerode from 'dockerode';
import tap from 'tap';
import { projectName } from '../../src/config/load.ts';
import type { CheckReport } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { galley } from '../galley.ts';
import { leftovers } from '../leftovers.ts';

const kitchen = (verifier: string): string => `
driver: {name: docker}
provisioner: {name: dummy}
platforms: [{name: debian-12}]
suites:
  - name: time
    verifier:
${verifier.replace(/^/gm, '      ')}
`;

const CHECKS = `
wait:
  - {command: test -e /run/ready, eventually: {within: 2s, every: 200ms}}
checks:
  - {file: /etc/hostname, id: there, tags: [smoke]}
  - {command: 'test -e /run/seen || { touch /run/seen; false; }', id: late, eventually: 30s}
  - {file: /nope, id: gone}
  - {file: /nope/below, id: below, depends: gone}
  - {file: /nope, id: known, waive: {reason: ticket 1, until: 2999-01-01}}
  - {file: /etc/passwd, id: mended, waive: {reason: ticket 2, until: 2999-01-01}}
  - {port: 80, id: elsewhere, only: {platform: /^ubuntu/}}
`;

await tap.test('gates, waivers, dependencies and choices on one instance', async (t) => {
  const cwd = t.testdir({ 'kitchen.yml': kitchen(CHECKS) });
  const verify = async (...args: string[]) => verifyUntil(undefined, ...args);
  /** `atWork` is called once, when the phase has begun. */
  const verifyUntil = async (atWork?: () => Promise<unknown>, ...args: string[]) => {
    const file = join(cwd, 'events.ndjson');
    let seen = '';
    let happening: Promise<unknown> | undefined;
    const run = await galley(['verify', '--events', file, ...args], {
      cwd,
      onStart: (child) => {
        child.stdout?.on('data', (text: string) => {
          seen += text;
          if (seen.includes('] verify …')) happening ??= atWork?.();
        });
      },
    });
    await happening;
    const text = run.stdout + run.stderr;
    const reports = new Map<string, CheckReport>();
    for (const event of await readEvents(file)) {
      if (event.type === 'check') reports.set(event.report.id, event.report);
    }
    return { code: run.code, text, reports };
  };
  const sh = (script: string) => galley(['exec', 'time-debian-12', '--', 'sh', '-c', script], { cwd });

  await t.test('a gate that stays closed shows what is there and keeps the instance', async (t) => {
    const { code, text, reports } = await verify();
    t.equal(code, 5, text);
    t.match(text, /did not get ready: command test -e \/run\/ready; no check was looked at/);
    t.match(text, /running: .*systemd/);
    t.match(text, /try +galley login time-debian-12/);
    t.same([...reports.keys()], ['wait.command.test-e-run-ready'], 'no check was looked at');
    t.match((await leftovers(projectName(cwd))).join('\n'), /time-debian-12/, 'it is still there');
  });

  await t.test('every outcome is told and counted', async (t) => {
    await sh('touch /run/ready');
    const { code, text, reports } = await verify();
    t.equal(code, 5, text);
    const outcomes = Object.fromEntries([...reports].map(([id, report]) => [id, report.outcome]));
    t.same(outcomes, {
      there: 'pass',
      late: 'pass',
      gone: 'fail',
      below: 'skip',
      known: 'waived',
      mended: 'pass',
      elsewhere: 'skip',
    });
    t.match(reports.get('late'), {
      flaky: true,
      firstFailure: { attempt: 1, outcome: 'fail', property: 'exit', observed: '1' },
    });
    t.match(text, /skip file \/nope\/below +not looked at: depends on gone which failed/);
    t.match(text, /waived file \/nope +until 2999-01-01: ticket 1/);
    t.match(text, /mended.*ticket 2.*not needed any more/);
    t.match(text, /only on platform \/\^ubuntu\//);
    t.match(text, /3 passed \(1 flaky\), 1 failed, 2 skipped, 1 waived/);
    t.match(text, /try +galley verify time-debian-12 --check gone/);
  });

  await t.test('--failed, --check, --check-tag and --fail-on-flaky', async (t) => {
    t.same([...(await verify('--failed')).reports.keys()], ['gone']);
    t.same([...(await verify('--check', 'below')).reports.keys()].toSorted(), ['below', 'gone']);
    const smoke = await verify('--check-tag', 'smoke');
    t.same([...smoke.reports.keys()], ['there']);
    t.equal(smoke.code, 0, smoke.text);
    await sh('rm /run/seen');
    const flaky = await verify('--check', '^late$', '--fail-on-flaky');
    t.equal(flaky.code, 5, flaky.text);
    t.match(flaky.text, /1 of 1 checks passed only after a failed attempt/);
    const skipped = await verify('--check', 'elsewhere');
    t.equal(skipped.code, 5, 'nothing but skipped checks is an error');
    t.match(skipped.text, /the only check was skipped: nothing of time-debian-12 was verified/);
  });

  await t.test('a machine that is killed or paused while a check waits ends the run at once', async (t) => {
    const docker = new Dockerode();
    for (const how of ['pause', 'kill'] as const) {
      await writeFile(
        join(cwd, 'kitchen.yml'),
        kitchen('checks:\n  - {http: http://localhost:80/, id: never, eventually: 20m}\n'),
      );
      const before = await docker.listContainers({
        filters: { label: [`galley.project=${projectName(cwd)}`, 'galley.kind=instance'] },
      });
      const [one] = before;
      t.ok(one, 'there is a container');
      const container = docker.getContainer(one?.Id ?? '');
      const { code, text } = await verifyUntil(() => container[how]());
      t.equal(code, 3, text);
      t.match(text, /the machine of time-debian-12 is stopped|is paused|stopped with exit code/);
      if (how === 'pause') await container.unpause();
    }
  });

  const destroyed = await galley(['destroy'], { cwd });
  t.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
  t.same(await leftovers(projectName(cwd)), []);
});
