import tap from 'tap';
import { attributeKeys } from '../src/checks/docs.ts';
import { parseChecks } from '../src/checks/parse-checks.ts';
import { GalleyError } from '../src/core/errors.ts';
import { verifiers } from './check-table.ts';
import { ALL_ROWS } from './rows/index.ts';

/** Lists in lists or maps in maps; what is deeper does not get through the reader of kitchen files. */
const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
};

const GARBAGE: readonly unknown[] = [
  null,
  '',
  ' ',
  'x',
  '\0',
  '/(/',
  '/(a+)+$/',
  '${',
  '${services.nope.url}',
  'é🦊\u202e',
  'x'.repeat(9000),
  -1,
  0,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  new Date(Number.NaN),
  [],
  [[]],
  [null],
  ['a', { b: [] }],
  Array.from({ length: 90 }, (_, n) => n),
  {},
  { nope: 1 },
  { equal: {} },
  { not: null },
  { all: [] },
  { oneOf: [] },
  { matches: '(' },
  { gt: 5, lt: 3 },
  { between: [5, 1] },
  { between: [1] },
  { length: -1 },
  { count: { gte: 'x' } },
  { semver: 'banana' },
  { changedSince: 5 },
  { __proto__: null, constructor: 1 },
  nested(90, (inner) => ({ not: inner })),
  nested(90, (inner) => [inner]),
];

const at = { pathPrefix: ['verifier', 'checks'], locate: () => undefined };

await tap.test(
  'whatever an attribute is given, it is a check or a config error that says what is wrong',
  (t) => {
    let refused = 0;
    for (const { name: type, spec } of verifiers.values()) {
      const [valid] = ALL_ROWS.find(([item]) => Object.hasOwn(item, type)) ?? [];
      const keys = new Set([type, ...attributeKeys(spec).map((key) => key.split('.')[0] ?? '')]);
      const bad: string[] = [];
      for (const key of keys) {
        for (const value of GARBAGE) {
          const what = `${type} ${key}: ${JSON.stringify(value)?.slice(0, 60)}`;
          try {
            const parsed = parseChecks([{ ...valid, [key]: value }], verifiers, at);
            if (!('errors' in parsed)) continue;
            refused += 1;
            const [error] = parsed.errors;
            if (!(error instanceof GalleyError)) bad.push(`${what}: ${String(error)}`);
            else if (error.kind !== 'config' || error.message === '') bad.push(`${what}: ${error.code}`);
            else if (JSON.stringify([error.message, error.got, error.details]).length > 5000)
              bad.push(`${what}: the message is as long as what was given`);
          } catch (error) {
            bad.push(`${what}: throws ${String(error).slice(0, 200)}`);
          }
        }
      }
      t.same(bad, [], type);
    }
    t.ok(refused > 5000, `${refused} refused`);
    t.end();
  },
);

await tap.test('whatever stands in the list, it is refused with its place', (t) => {
  const items = [null, 5, 'port', [], {}, { prt: 80 }, { port: 80, process: 'x' }, { port: 80, repeat: 2 }];
  for (const item of items) {
    const parsed = parseChecks([{ port: 80 }, item], verifiers, at);
    t.ok('errors' in parsed, JSON.stringify(item));
    if ('errors' in parsed) t.ok(parsed.errors[0]?.message, JSON.stringify(item));
  }
  t.end();
});
