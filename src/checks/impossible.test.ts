import tap from 'tap';
import { verifiers } from '../../test/check-table.ts';
import { parseChecks } from './parse-checks.ts';

const at = { pathPrefix: ['verifier', 'checks'], locate: () => undefined };

function refusal(item: object): string | undefined {
  const parsed = parseChecks([item], verifiers, at);
  return 'errors' in parsed ? parsed.errors[0]?.message : undefined;
}

await tap.test('what no instance can ever meet is an error before any is made', async (t) => {
  const rows: readonly [item: object, says: RegExp][] = [
    [{ file: '/x', size: { gt: 5, lt: 3 } }, /size of file check: impossible: no value is ever > 5 and < 3/],
    [{ file: '/x', size: { gt: 5, lt: 6 } }, /impossible/],
    [{ file: '/x', size: { lt: 0 } }, /< 0; it is at least 0/],
    [{ file: '/x', lines: { each: { gt: 5, lt: 3 } } }, /lines\.each/],
    [{ file: '/x', lines: { exactly: [], length: 3 } }, /empty and length 3/],
    [{ file: '/x', lines: { length: 2, count: 3 } }, /impossible/],
    [{ file: '/x', type: { oneOf: ['file'], not: 'file' } }, /impossible/],
    [{ file: '/x', owner: { startsWith: 'a', equal: 'b' } }, /impossible/],
    [{ file: '/x', content: { contains: 'x', not: { contains: 'x' } } }, /impossible/],
    [{ file: '/x', mtime: { gt: '2025-01-01', lt: '2024-01-01' } }, /impossible/],
    [{ file: '/x*', exists: false, count: 3 }, /count of 0/],
    [{ process: 'x', count: -1 }, /at least 0/],
    [{ process: 'x', count: { lt: 0 } }, /impossible/],
    [{ process: 'x', count: { between: [-5, -1] } }, /impossible/],
    [{ process: 'x', count: 0, user: 'root' }, /impossible/],
    [{ process: 'x', threads: 0 }, /at least 1/],
    [{ http: '/', status: 99 }, /at least 100/],
    [{ http: '/', status: { equal: 200, not: 200 } }, /impossible/],
    [{ http: '/', status: { all: [200, 404] } }, /200 and 404/],
    [{ http: '/', status: { present: true, absent: true } }, /impossible/],
    [{ http: '/', headers: { X: { exactly: [], present: true } } }, /impossible/],
    [{ http: '/', json: { 'a.b': { gt: 5, lt: 3 } } }, /impossible/],
    [{ http: '/', repeat: { times: 2, workers: 5 } }, /workers/],
    [{ command: 'x', exit: 256 }, /at most 255/],
    [{ mount: '/', usage: { gt: 100 } }, /impossible/],
    [{ log: '/x', contains: ['a', '/b/'], lacks: '/b/' }, /impossible/],
    [{ package: 'x', version: { gte: '2', lt: '2' } }, /no version is ≥ 2 and < 2/],
    [{ package: 'x', version: { semver: '>2 <1' } }, /no version is in this range/],
    [{ sql: 'select 1', rows: -1 }, /at least 0/],
    [{ user: 'x', uid: -1 }, /at least 0/],
    [{ port: 80, eventually: { within: '1s', every: '1s', stable: 100 } }, /never pass/],
    [{ service: 'x', active: { not: 'faild' } }, /did you mean "failed"/],
    [{ connections: { of: 'x' }, state: { not: 'establised' } }, /did you mean "established"/],
    [{ file: '/x', sha256: { not: 'abc' } }, /64 hexadecimal/],
  ];
  for (const [item, says] of rows) t.match(refusal(item) ?? 'accepted', says, JSON.stringify(item));
});

await tap.test('what some instance may meet is not refused', async (t) => {
  const rows: readonly object[] = [
    { file: '/x', size: { gt: 5, lt: 7 } },
    { file: '/x', size: { gte: 5, lte: 5 } },
    { file: '/x', size: { gt: 3, not: 5 } },
    { file: '/x', content: { startsWith: 'a', endsWith: 'b', contains: 'c' } },
    { file: '/x', owner: { equal: '${suite.owner}', startsWith: 'b' } },
    { file: '/x', lines: { exactly: ['a', 'b'], length: 2 } },
    { file: '/x', lines: { contains: 'a', not: { contains: 'b' } } },
    { file: '/x', content: { count: { of: '/a/', is: 2 }, length: 90 } },
    { port: 80, owner: { pid: { gt: 5, lt: 3 } } },
    { http: '/', status: { gte: 200, lt: 300, not: 204 } },
    { http: '/', headers: { X: { absent: true } } },
    { package: 'x', version: { gte: '1.2', lt: '2', not: '1.5' } },
    { service: 'x', active: { oneOf: ['active', 'activating'] }, enabled: { not: 'masked' } },
    { service: 'x', active: true, enabled: false },
  ];
  for (const item of rows) t.equal(refusal(item), undefined, JSON.stringify(item));
});

await tap.test('what says nothing, or would be read as something else, is refused', async (t) => {
  const rows: readonly [item: object, says: RegExp][] = [
    ...[{ json: {} }, { headers: {} }, { cookies: {} }, { time: {} }].map(
      (given) => [{ http: '/', ...given }, /empty map/] as [object, RegExp],
    ),
    [{ command: 'x', json: {} }, /empty map/],
    [{ service: 'x', unitProps: {} }, /empty map/],
    [{ image: 'instance', env: {} }, /empty map/],
    [{ redis: 'INFO', info: {} }, /empty map/],
    [{ sql: 'select 1', rows: [{}] }, /empty map/],
    [{ process: 'x', limits: {} }, /empty map/],
    [{ process: 'x', each: { limits: {} } }, /empty map/],
    [{ file: '/x', json: { 'items[*].name': { absent: true } } }, /cannot read the path/],
    [{ file: '/x', yaml: { 'items.*.name': { absent: true } } }, /'\*' stands for nothing/],
    [{ http: '/', json: { '$..name': { absent: true } } }, /cannot read the path/],
    [{ command: 'x', json: { 'a[b': { absent: true } } }, /cannot read the path/],
    [{ file: '/x', content: { json: { 'a..b': { absent: true } } } }, /cannot read the path/],
    [{ file: '/x', xml: { '//port': { absent: true } } }, /cannot read the path/],
    [{ file: '/x', xml: { '/a/b[0]': { absent: true } } }, /begin with 1/],
    [{ http: '/', worker: { json: 'a[' } }, /cannot read the path/],
    [{ http: '/', json: JSON.parse('{"__proto__": 1}') as object }, /__proto__/],
  ];
  for (const [item, says] of rows) t.match(refusal(item) ?? 'accepted', says, JSON.stringify(item));
});

await tap.test('texts of an impossible matcher are not shown: they may be secrets', async (t) => {
  const env = { env: { of: 'x', key: 'PASSWORD' }, value: { equal: 'hunter2', startsWith: 'q' } };
  t.match(refusal(env), /'equal' and 'startsWith'/);
  t.notMatch(refusal(env), /hunter2/);
});

await tap.test(
  'what is written in the place of a map, a number, a time or a version is answered with how it is written',
  async (t) => {
    const rows: readonly [item: object, says: RegExp][] = [
      [{ env: 'DATABASE_URL' }, /a map such as \{of: uwsgi, key: DATABASE_URL\}/],
      [{ connections: 'uwsgi' }, /a map such as \{of: uwsgi\}/],
      [{ port: 80, owner: 'nginx' }, /a map such as \{name: nginx\}/],
      [{ port: 80, only: 'ubuntu' }, /a map such as \{platform: debian-12\}/],
      [{ port: '80/tcp' }, /protocol: udp beside it/],
      [{ http: '/', status: '2xx' }, /a number, or matchers such as/],
      [{ file: '/x', mtime: 'yesterday' }, /changedSince: converge/],
      [{ package: 'nginx', version: 'latest' }, /no digit/],
    ];
    for (const [item, says] of rows) t.match(refusal(item) ?? 'accepted', says, JSON.stringify(item));
  },
);
