import tap from 'tap';
import type { Companion, Surroundings } from '../../src/core/surroundings.ts';
import type { ExecuteOptions } from '../../src/core/transport.ts';
import type { Probe } from '../../src/core/verifier.ts';
import type { SqlAnswer } from './answer.ts';
import { sqlVerifier } from './index.ts';
import { judgeSql } from './judge.ts';
import { sqlSpec } from './schema.ts';

const answer: SqlAnswer = {
  kind: 'rows',
  columns: ['name', 'qty', 'api_token'],
  rows: [
    { name: 'a', qty: 3, api_token: 'hush-hush' },
    { name: 'b', qty: null, api_token: 'hush-hush' },
  ],
  durationMs: 12.34,
  isUntyped: false,
};
const one = (value: unknown, isUntyped = false): SqlAnswer => ({
  kind: 'rows',
  columns: ['n'],
  rows: [{ n: value }],
  durationMs: undefined,
  isUntyped,
});
const judge = (given: object, seen: SqlAnswer = answer) =>
  judgeSql(sqlSpec.parse({ sql: 'SELECT 1', ...given }), { answer: seen, source: 'psql' });

await tap.test('rows, value, columns and duration pass and fail', (t) => {
  const rows: [object, object, SqlAnswer?][] = [
    [{ rows: 2 }, { rows: 0 }],
    [{ rows: { gte: 1 } }, { rows: { gt: 2 } }],
    [{ rows: [{ name: 'a', qty: { gte: 3 } }] }, { rows: [{ name: 'b', qty: 3 }] }],
    [{ rows: [{ name: 'b', qty: { absent: true } }] }, { rows: [{ nme: 'a' }] }],
    [{ columns: { exactly: ['name', 'qty', 'api_token'] } }, { columns: ['age'] }],
    [{ duration: { lt: 20 } }, { duration: { lt: 10 } }],
    [{ value: 3 }, { value: 4 }, one(3)],
    [{ value: '42' }, { value: '43' }, one(42, true)],
    [{ value: { gte: 40 } }, { value: { gte: 50 } }, one(42, true)],
    [{ value: { absent: true } }, { value: 0 }, one(null)],
  ];
  for (const [good, bad, seen] of rows) {
    t.match(judge(good, seen), [{ outcome: 'pass' }], JSON.stringify(good));
    t.match(judge(bad, seen), [{ outcome: 'fail' }], JSON.stringify(bad));
  }
  t.match(judge({ value: 1 }), [{ observed: '2 rows with 3 columns' }]);
  const empty = { ...answer, rows: [], columns: undefined };
  t.match(judge({ columns: 'a' }, empty), [{ outcome: 'error' }]);
  t.match(judge({ value: 1 }, empty), [{ outcome: 'fail', notes: ['the query gave no row'] }]);
  t.match(judge({ duration: { lt: 1 } }, one(1)), [{ outcome: 'error' }]);
  t.end();
});

await tap.test('values of secret columns are not shown', (t) => {
  t.notMatch(
    JSON.stringify([judge({ rows: 0 }), judge({ rows: [{ api_token: 'other' }] })]),
    /hush-hush|other/,
  );
  t.end();
});

await tap.test('no answer says which, and may be wanted', (t) => {
  const auth: SqlAnswer = { kind: 'error', error: 'auth', text: 'FATAL: no' };
  t.match(judge({ rows: 0 }, auth), [
    { property: 'answer', outcome: 'fail', observed: 'login refused: FATAL: no' },
  ]);
  t.match(judge({ error: 'auth' }, auth), [{ outcome: 'pass' }]);
  t.match(judge({ error: 'refused' }, auth), [{ outcome: 'fail', observed: '"auth"' }]);
  t.match(judge({ error: 'auth' }), [{ outcome: 'fail', observed: 'answered with 2 rows' }]);
  t.match(judge({ error: 'none' }), [{ outcome: 'pass', observed: 'answered with 2 rows' }]);
  t.match(judge({ error: 'none' }, auth), [
    { outcome: 'fail', observed: '"auth"', notes: ['FATAL: no', /user or password differ/] },
  ]);
  t.end();
});

const companion = (url: string, seen: ExecuteOptions[] = [], stderr = ''): Companion => ({
  image: 'x',
  address: { host: 'db', port: 5432, url, user: 'app', password: 's3cret', database: 'shop', env: {} },
  execute: async (_argv, options = {}) => {
    seen.push(options);
    return { exitCode: stderr === '' ? 0 : 2, stdout: '', stderr, durationMs: 1, via: 'exec' };
  },
  facts: () => Promise.reject(new Error('unused')),
  log: () => Promise.reject(new Error('unused')),
});
const probe = (companions: Record<string, Companion>): Probe =>
  ({
    around: { companions: new Map(Object.entries(companions)) } as unknown as Surroundings,
    signal: new AbortController().signal,
  }) as unknown as Probe;
const observe = (given: object, companions: Record<string, Companion>) =>
  sqlVerifier.observe(sqlSpec.parse({ sql: 'SELECT 1', error: 'none', ...given }), probe(companions));

await tap.test('a statement of which nothing is expected is refused', (t) => {
  const message = sqlSpec.safeParse({ sql: 'SELECT 1' }).error?.message;
  t.match(message, /nothing is expected of the answer: add rows, value, columns, duration or error/);
  t.end();
});

await tap.test('whom it asks, and as whom', async (t) => {
  const seen: ExecuteOptions[] = [];
  const db = companion('postgresql://db', seen);
  await observe({}, { db, cache: companion('redis://cache') });
  t.match(seen[0]?.env, {
    PGHOST: 'db',
    PGPORT: '5432',
    PGUSER: 'app',
    PGPASSWORD: 's3cret',
    PGDATABASE: 'shop',
  });
  await observe({ in: 'db', user: 'other' }, { db });
  t.equal(seen[1]?.env?.['PGPASSWORD'], undefined, 'a password belongs to its user');
  await t.rejects(observe({}, { db, db2: db }), /in: db or db2/);
  await t.rejects(observe({ in: 'x' }, { db }), /x was not started/);
  await t.rejects(observe({ in: 'y' }, { y: companion('tcp://y') }), /cannot be told from its image/);
  await t.rejects(observe({}, { db: companion('mysql://db', [], 'galley-no-client') }), {
    code: 'check.no_client',
  });
  const echo = companion('postgresql://db', [], 'psql: error: password authentication failed: s3cret');
  t.match(await observe({}, { db: echo }), { facts: { answer: { error: 'auth', text: /‹6 chars›/ } } });
});
