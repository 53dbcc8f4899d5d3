import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { parseDataCollectorReport } from './dc-report.ts';

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures/reports', `${name}.json`), 'utf8');

await tap.test('a successful run gives each resource with its status', async (t) => {
  const { runs, unfinished } = parseDataCollectorReport(read('success'));
  t.equal(unfinished, false);
  t.match(runs, [{ status: 'success', total: 5, updated: 3, failure: undefined }]);
  t.same(
    runs[0]?.resources.map((one) => [one.resource, one.action, one.status, one.cookbook, one.recipe]),
    [
      ['file[/srv/out/hello]', 'create', 'updated', 'demo', 'default'],
      ['file[never]', 'create', 'skipped', 'demo', 'default'],
      ['directory[/srv/out/d]', 'create', 'updated', 'demo', 'default'],
      ['execute[say]', 'run', 'updated', 'demo', 'default'],
      ['log[x]', 'write', 'up-to-date', 'demo', 'default'],
    ],
  );
});

await tap.test('a run with nothing to do updates only what is not idempotent', async (t) => {
  const [run] = parseDataCollectorReport(read('noop')).runs;
  t.equal(run?.updated, 1);
});

await tap.test('resources after a failure are unprocessed', async (t) => {
  const [run] = parseDataCollectorReport(read('demo-blk')).runs;
  t.same(
    run?.resources.map((one) => one.status),
    ['updated', 'failed', 'unprocessed'],
  );
});

await tap.test('a client that was killed left a beginning without an end', async (t) => {
  t.match(parseDataCollectorReport(read('demo-suicide')), { runs: [], unfinished: true, unreadable: 0 });
});

await tap.test('several runs are told apart, and a line cut off by a full disk is counted', async (t) => {
  const text = `${read('success')}${read('noop')}{"message_type":"run_conv`;
  const report = parseDataCollectorReport(text);
  t.equal(report.runs.length, 2);
  t.equal(report.unreadable, 1);
  t.match(parseDataCollectorReport(''), { runs: [], unfinished: false });
});

await tap.test('an ignored failure is no failure, and a long diff is shortened', async (t) => {
  const run = JSON.parse(read('success').split('\n')[1] ?? '') as { resources: Record<string, unknown>[] };
  const error = { class: 'X', message: 'm', backtrace: null, description: null };
  Object.assign(run.resources[0] ?? {}, {
    status: 'failed',
    ignore_failure: true,
    error,
    delta: `+x\\n+x\\n+DB_PASSWORD=planted-s3cret\\n${'+x\\n'.repeat(2000)}`,
  });
  const [parsed] = parseDataCollectorReport(JSON.stringify(run)).runs;
  t.equal(parsed?.resources[0]?.failure, undefined);
  t.ok((parsed?.resources[0]?.delta?.length ?? 0) < 2100);
  t.match(parsed?.resources[0]?.delta, /^\+x\n\+x\n\+DB_PASSWORD=‹14 chars›\n/, 'a diff shows no password');
});
