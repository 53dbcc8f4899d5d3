import tap from 'tap';
import { declare, mapOf, optionsFor, scripted } from '../../test/scripted-checks.ts';
import type { CheckDeclaration, CheckOutcome } from '../core/check.ts';
import type { CommandResult, Connection } from '../core/transport.ts';
import { runChecks } from './run-checks.ts';

const waiver = { reason: 'ticket 4711', until: '2026-06-30' };

async function one(outcome: CheckOutcome, extra: Partial<CheckDeclaration>, more = {}) {
  const [report] = await runChecks(
    [declare('a', undefined, extra)],
    mapOf(scripted('a', [outcome])),
    optionsFor(more),
  );
  return report;
}

await tap.test('a waiver accepts a failure until its last day, and no longer', async (t) => {
  t.match(await one('fail', { waiver }, { today: '2026-06-30' }), { outcome: 'waived', waiver });
  t.match(await one('fail', { waiver }, { today: '2026-07-01' }), {
    outcome: 'fail',
    results: [{ notes: [/waiver ended on 2026-06-30 \(ticket 4711\)/] }],
  });
});

await tap.test('a waiver that is not needed is reported', async (t) => {
  t.match(await one('pass', { waiver }, { today: '2026-06-30' }), {
    outcome: 'pass',
    hint: /not needed any more/,
  });
});

await tap.test('a waiver does not cover that nobody could look', async (t) => {
  t.match(await one('error', { waiver }, { today: '2026-06-30' }), {
    outcome: 'error',
    results: [{ notes: [/not that it cannot be looked at/] }],
  });
});

await tap.test('dependents of what did not pass are skipped with the reason', async (t) => {
  const verifiers = mapOf(
    scripted('bad', ['fail']),
    scripted('blind', ['error']),
    scripted('good', ['pass']),
    scripted('x', ['pass']),
  );
  const reports = await runChecks(
    [
      // Declared before what it depends on.
      declare('x', undefined, { id: 'early', depends: ['bad'] }),
      declare('bad'),
      declare('blind'),
      declare('good'),
      declare('x', undefined, { id: 'second', depends: ['good', 'blind'] }),
      declare('x', undefined, { id: 'third', depends: ['second'] }),
      declare('x', undefined, { id: 'fine', depends: ['good'] }),
    ],
    verifiers,
    optionsFor(),
  );
  t.same(
    reports.map(({ id, outcome, results }) => [id, outcome, results[0]?.observed]),
    [
      ['early', 'skip', 'not looked at: depends on bad which failed'],
      ['bad', 'fail', 'fail'],
      ['blind', 'error', 'error'],
      ['good', 'pass', 'pass'],
      ['second', 'skip', 'not looked at: depends on blind which could not look'],
      ['third', 'skip', 'not looked at: depends on second which was skipped'],
      ['fine', 'pass', 'pass'],
    ],
  );
});

await tap.test(
  'what depends on a waived failure is skipped: it would fail for the same reason',
  async (t) => {
    const reports = await runChecks(
      [declare('bad', undefined, { waiver }), declare('x', undefined, { depends: ['bad'] })],
      mapOf(scripted('bad', ['fail']), scripted('x', ['fail'])),
      optionsFor({ today: '2026-01-01' }),
    );
    t.match(reports, [{ outcome: 'waived' }, { outcome: 'skip' }]);
  },
);

/** A connection whose commands end as told. */
function shell(answers: Readonly<Record<string, Partial<CommandResult>>>): {
  readonly connection: Connection;
} {
  const execute = async (argv: readonly string[]): Promise<CommandResult> => {
    const key = Object.keys(answers).find((one) => argv.join(' ').includes(one));
    if (key === undefined) throw new Error(`nobody expected ${argv.join(' ')}`);
    return { exitCode: 0, stdout: '', stderr: '', durationMs: 1, via: 'exec', ...answers[key] };
  };
  return { connection: { execute } as unknown as Connection };
}

await tap.test('a condition skips with its reason; one that cannot be asked is an error', async (t) => {
  const condition = { command: 'test -e /x', why: 'only where x is' };
  const holds = shell({ 'test -e': { exitCode: 0 } });
  t.match(await one('pass', { condition }, holds), { outcome: 'pass' });
  t.match(await one('pass', { condition }, shell({ 'test -e': { exitCode: 1 } })), {
    outcome: 'skip',
    results: [{ observed: /only where x is \(only if: test -e \/x ended with 1\)/ }],
  });
  t.match(await one('pass', { condition }, shell({ 'test -e': { exitCode: 127 } })), { outcome: 'error' });
  t.match(await one('pass', { condition }, shell({})), { outcome: 'error' });
});

await tap.test('evidence is collected for what did not pass, and for nothing else', async (t) => {
  const evidence = ['/var/log/app.log', 'systemctl status app', 'no-such'];
  const through = shell({
    'tail -n 15 -- /var/log/app.log': { stdout: 'one\nDB_PASSWORD=hunter2\n' },
    'systemctl status app': { exitCode: 3, stdout: 'dead\n' },
  });
  const report = await one('fail', { evidence, redact: ['one'] }, through);
  t.same(report?.results[0]?.notes, [
    '/var/log/app.log:',
    '  ‹3 chars›',
    '  DB_PASSWORD=‹7 chars›',
    '$ systemctl status app (exit 3):',
    '  dead',
    '$ no-such: could not be had: nobody expected /bin/sh -c { no-such\n} 2>&1',
  ]);
  t.match(await one('pass', { evidence }, shell({})), { outcome: 'pass', results: [{ notes: undefined }] });
});

await tap.test('redact hides texts, patterns or all', async (t) => {
  const secret = (redact: CheckDeclaration['redact']) =>
    runChecks(
      [declare('a', undefined, { redact })],
      mapOf(
        scripted('a', ['fail'], {
          judge: () => [
            {
              property: 'x',
              outcome: 'fail',
              expected: 'serial 4711-A',
              observed: 'user joe',
              source: 'of joe',
              notes: ['joe said 4711-B'],
            },
          ],
        }),
      ),
      optionsFor(),
    );
  const [some] = await secret(['joe', /\d{4}-[AB]/g]);
  t.same(some?.results, [
    {
      property: 'x',
      outcome: 'fail',
      expected: 'serial ‹6 chars›',
      observed: 'user ‹3 chars›',
      source: 'of ‹3 chars›',
      notes: ['‹3 chars› said ‹6 chars›'],
    },
  ]);
  const [all] = await secret('all');
  t.notMatch(JSON.stringify(all), /joe said|4711/);
});

await tap.test('a report carries why, tags, severity and the next command', async (t) => {
  const report = await one('fail', { why: 'users', tags: ['smoke'], severity: 'high', id: 'it is' });
  t.match(report, {
    why: 'users',
    tags: ['smoke'],
    severity: 'high',
    hint: "galley verify web-debian-12 --check 'it is'   |   galley login web-debian-12",
  });
});
