import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { reportOf, sampleRun } from '../../../test/sample-run.ts';
import { type RunSnapshot, snapshotOf } from '../model/snapshot.ts';
import { History } from './history.ts';
import { flakyChecks, slowerPhases } from './judge.ts';
import { loadSqlite } from './sqlite.ts';

const SAMPLE = snapshotOf(reportOf(sampleRun()));
const never = (path: string): void => {
  throw new Error(`quarantined ${path}`);
};
const at = (n: number): string => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();

function run(n: number, change: Partial<RunSnapshot> = {}): RunSnapshot {
  return { ...SAMPLE, runId: `run-${String(n).padStart(4, '0')}`, started: at(n), ...change };
}

await tap.test('a run comes back as it was kept, and the previous one is found', async (t) => {
  using history = new History(join(t.testdir(), 'new', 'history.db'), never);
  t.same(history.runs(), []);
  history.record(run(1));
  history.record(run(2, { command: 'verify' }));
  history.record(run(3, { instances: [] }));
  history.record(run(4));
  history.record(run(4));
  t.same(
    history.runs().map((one) => one.runId),
    ['run-0004', 'run-0003', 'run-0002', 'run-0001'],
  );
  const kept = history.run('run-0004');
  const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
    a.name < b.name ? -1 : 1;
  t.same(
    kept?.instances.map((one) => [one.name, one.outcome, one.phases.length, one.checks.length]),
    SAMPLE.instances
      .toSorted(byName)
      .map((one) => [one.name, one.outcome, one.phases.length, one.checks.length]),
  );
  t.match(
    kept?.instances.find((one) => one.name === 'web-debian-12')?.checks.find((one) => one.id === 'c'),
    { title: 'http GET /c is 200', outcome: 'pass', flaky: true },
  );
  t.equal(history.previousOf(run(4))?.runId, 'run-0002', 'that verified too, with an instance of it');
  t.equal(history.previousOf(run(4, { command: 'create' })), undefined);
  t.equal(history.previousOf(run(1)), undefined);
});

await tap.test('a damaged store is moved aside and a new one begun', async (t) => {
  for (const content of [
    'this is no database, but long enough to be looked at as one'.repeat(40),
    'SQLite format 3\u0000garbage',
  ]) {
    const dir = t.testdir();
    const file = join(dir, 'history.db');
    writeFileSync(file, content);
    const moved: string[] = [];
    using history = new History(file, (to) => moved.push(to));
    history.record(run(1));
    t.equal(history.runs().length, 1);
    t.match(moved, [/history\.db\.corrupt-\d+$/]);
    t.equal(readFileSync(moved[0] ?? '', 'utf8'), content, 'nothing is lost');
  }
});

await tap.test('a store of a newer Galley is left alone', async (t) => {
  const file = join(t.testdir(), 'history.db');
  const { DatabaseSync } = loadSqlite();
  const db = new DatabaseSync(file);
  db.exec('PRAGMA user_version = 99');
  db.close();
  t.throws(() => new History(file, never), { code: 'report.history_too_new' });
  t.ok(existsSync(file));
});

await tap.test('the oldest runs are forgotten, with all that was in them', async (t) => {
  const file = join(t.testdir(), 'history.db');
  using history = new History(file, never);
  const small = { instances: SAMPLE.instances.slice(0, 1) };
  for (let n = 1; n <= 302; n += 1) history.record(run(n, small));
  t.equal(history.runs().length, 300);
  t.equal(history.run('run-0002'), undefined);
  const { DatabaseSync } = loadSqlite();
  using db = new DatabaseSync(file);
  t.match(db.prepare(`SELECT count(*) AS n FROM checks WHERE run = 'run-0001'`).get(), { n: 0 });
});

await tap.test('flaky: passed late, or changed more than once; slower: against the median', async (t) => {
  const check = (signs: string) => ({
    instance: 'i',
    id: signs,
    title: signs,
    outcomes: signs.split('').map((s) => ({
      outcome: s === 'F' ? ('fail' as const) : s === 's' ? ('skip' as const) : ('pass' as const),
      flaky: s === 'l',
    })),
  });
  t.same(
    flakyChecks(['....', '..FF', 'FF..', '.F.F', '.FsF.', '...l'].map(check)).map((one) => [
      one.id,
      one.flips,
      one.flakyPasses,
      one.signs,
    ]),
    [
      ['.F.F', 3, 0, '✓✗✓✗'],
      ['.FsF.', 2, 0, '✓✗–✗✓'],
      ['...l', 0, 1, '✓✓✓≈'],
    ],
  );
  const phase = (...durations: number[]) => ({ instance: 'i', phase: 'converge', durations });
  t.match(slowerPhases([phase(1000, 1000, 9000, 4000)]), [{ usualMs: 1000, lastMs: 4000, runs: 4 }]);
  t.same(slowerPhases([phase(100, 100, 100, 900), phase(9000, 1000), phase(5000, 5000, 5000, 7000)]), []);
});

/** A process of its own, as another Galley is. */
async function recorder(file: string, from: number, count: number): Promise<string> {
  const code = `
    import { History } from ${JSON.stringify(new URL('./history.ts', import.meta.url).href)};
    const sample = ${JSON.stringify({ ...SAMPLE, instances: SAMPLE.instances.slice(0, 1) })};
    for (let n = ${from}; n < ${from + count}; n += 1) {
      using history = new History(process.argv[1], () => {});
      history.record({ ...sample, runId: 'run-' + n, started: new Date(n * 1000).toISOString() });
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code, file], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [exit] = (await once(child, 'close')) as [number];
  return `${said}${exit === 0 ? '' : `exit ${exit}`}`;
}

await tap.test('several Galleys write at once, also over a damaged store, and say nothing', async (t) => {
  const dir = t.testdir({ 'history.db': 'damaged '.repeat(1000) });
  const file = join(dir, 'history.db');
  const said = await Promise.all([0, 100, 200].map((from) => recorder(file, from, 15)));
  t.same(said, ['', '', ''], 'neither an error nor the warning that SQLite is experimental');
  using history = new History(file, never);
  t.ok(
    history.runs().length >= 43,
    `${history.runs().length} of 45 runs: one may be in the store that was moved`,
  );
  t.equal(readdirSync(dir).filter((name) => name.includes('corrupt')).length, 1);
});
