import tap from 'tap';
import { z } from 'zod';
import { matcher, textMatcher, timestamp } from './matcher-schema.ts';
import { type MatchResult, match } from './matchers.ts';
import { needsConverge, withConverge } from './with-converge.ts';

const text = matcher(z.string());
const list = matcher(z.array(z.string()));
const long = textMatcher();
const json = matcher(z.unknown());
const time = matcher(timestamp);

function check(schema: z.ZodType, raw: unknown, actual: unknown): MatchResult {
  return match(actual, schema.parse(raw) as never);
}

const XML = '<?xml version="1.0"?><config><server port="80">web</server><server port="81"/></config>';

await tap.test('each of these matchers holds for the right value and not for a wrong one', async (t) => {
  const rows: [z.ZodType, unknown, unknown, unknown][] = [
    [list, { only: ['a', '/^b/'] }, ['b1', 'a', 'b2', 'a'], ['a', 'b', 'c']],
    [list, { only: ['a', 'b'] }, ['a', 'b'], ['a']],
    [list, { only: ['a'] }, ['a'], []],
    [list, { count: 2 }, ['a', 'b'], ['a']],
    [list, { count: { of: '/^w/', is: { gte: 2 } } }, ['w1', 'w2', 'x'], ['w1', 'x']],
    [list, { count: { of: 'a' } }, ['a'], ['b']],
    [long, { count: 3 }, 'a\nb\nc\n', 'a\nb\n'],
    [long, { count: { of: '/^ERROR/', is: 0 } }, 'fine\nno ERROR', 'fine\nERROR'],
    [long, { count: { of: 'ERROR', is: 1 } }, 'an ERROR here\nfine', 'ERROR\nERROR'],
    [json, { count: 2 }, { a: 1, b: 2 }, { a: 1 }],
    [text, { json: { 'a.b[1]': 3 } }, '{"a":{"b":[1,3]}}', '{"a":{"b":[1,4]}}'],
    [long, { json: { name: 'x', n: { gt: 1 } } }, '{"name":"x","n":2}', '{"name":"x","n":1}'],
    [long, { json: { gone: { absent: true } } }, '{"a":1}', '{"gone":1}'],
    [json, { json: { 'a.length': 2 } }, { a: [1, 2] }, { a: [1] }],
    [long, { json: { a: 1 } }, '{"a":1}', 'not json'],
    [
      long,
      { xml: { '/config/server[1]': 'web', '/config/server[2]/@port': 81 } },
      XML,
      XML.replace('81', '82'),
    ],
    [long, { xml: { 'config.server[0].@port': { gte: 80 } } }, XML, XML.replace('"80"', '"79"')],
    [long, { xml: { '/config/server[1]': 'web' } }, XML, XML.replace('</config>', '')],
    [text, { semver: '^1.18' }, '1.22.1', '2.0.0'],
    [text, { semver: '>=1.20 <2' }, 'nginx/1.22.1', 'nginx/1.18.0'],
    [text, { version: '>=1.18' }, '1.22.1-9+deb12u2', '1.9'],
    [text, { version: '>=1.18, <2' }, 'nginx/1.22.1', 'nginx/2.0.1'],
    [text, { version: { gte: '1:1.18', lt: '2:1' } }, '1:1.20', '1.20'],
    [time, { changedSince: '2026-11-21T07:30:00Z' }, 1_795_246_200, 1_795_246_199],
    [time, { gte: '2026-11-21T07:30:00Z' }, 1_795_246_200, 1_795_246_199],
    [time, { between: ['2026-11-21', '2026-11-22'] }, 1_795_246_200, 1_795_146_200],
  ];
  for (const [schema, raw, good, bad] of rows) {
    t.equal(check(schema, raw, good).ok, true, `${JSON.stringify(raw)} holds for ${JSON.stringify(good)}`);
    t.equal(check(schema, raw, bad).ok, false, `${JSON.stringify(raw)} fails for ${JSON.stringify(bad)}`);
  }
});

await tap.test('nothing observed satisfies none of them', async (t) => {
  for (const [schema, raw] of [
    [list, { only: ['a'] }],
    [list, { count: 0 }],
    [text, { json: { a: { absent: true } } }],
    [long, { xml: { a: { absent: true } } }],
    [text, { version: '>0' }],
    [text, { semver: '*' }],
    [time, { changedSince: '2026-11-21' }],
  ] as const) {
    t.equal(check(schema, raw, undefined).ok, false, JSON.stringify(raw));
  }
});

await tap.test('a failure names the place and the value, and what was converted', async (t) => {
  const rows: [z.ZodType, unknown, unknown, RegExp, RegExp][] = [
    [long, { json: { 'a.b': 1, c: 2 } }, '{"a":{"b":3},"c":2}', /a\.b 1 and c 2/, /; a\.b is 3, expected 1$/],
    [long, { json: { a: 1 } }, 'oops', /a 1/, /it is not JSON/],
    [long, { xml: { '/a': 'x' } }, '<a>', /\/a "x"/, /it is not XML/],
    [list, { count: { of: '/^w/', is: 3 } }, ['w1'], /count 3 of matches \/\^w\//, /counted 1/],
    [list, { only: ['a', 'b'] }, ['a', 'c'], /only "a", "b"/, /missing: "b"; too much: "c"/],
    [text, { version: '>=2' }, 'nginx/1.22.1', /≥ 2/, /nginx/],
  ];
  for (const [schema, raw, actual, expected, observed] of rows) {
    const result = check(schema, raw, actual);
    t.match(result, { ok: false, expected, observed }, JSON.stringify(raw));
  }
  t.match(check(text, { version: '>=2' }, 'nginx/1.22.1').transforms, [/to version 1\.22\.1/]);
});

await tap.test('a secret inside is shown by its length', async (t) => {
  const result = check(long, { json: { 'db.password': 'hunter2' } }, '{"db":{"password":"hunter33"}}');
  t.notMatch(`${result.expected} ${result.observed}`, /hunter/);
  t.match(result.observed, /db\.password is differs|db\.password is/);
});

await tap.test('mistakes are refused', async (t) => {
  const rows: [z.ZodType, unknown, RegExp][] = [
    [list, { only: [] }, /asserts nothing/],
    [list, { count: { off: 'a' } }, /unknown matcher 'off'/],
    [list, { count: { of: 'a', iss: 1 } }, /unknown key 'iss'/],
    [list, { count: -1 }, /0|small|negative/],
    [long, { json: {} }, /map from paths/],
    [long, { json: { a: { gtee: 1 } } }, /unknown matcher 'gtee'/],
    [long, { json: 'a' }, /map from paths/],
    [text, { version: 'new' }, /comparisons/],
    [text, { version: { about: '1' } }, /unknown matcher 'about'/],
    [text, { semver: 'new' }, /range/],
    [time, { changedSince: 'yesterday' }, /'converge' or a time/],
    [time, 'soon', /./],
    [matcher(z.number()), { changedSince: 'converge' }, /unknown matcher/],
    [matcher(z.boolean()), { json: { a: 1 } }, /unknown matcher/],
  ];
  for (const [schema, raw, message] of rows) {
    const parsed = schema.safeParse(raw);
    t.equal(parsed.success, false, JSON.stringify(raw));
    t.match(parsed.error?.issues[0]?.message, message, JSON.stringify(raw));
  }
});

await tap.test('changedSince: converge waits for the time of the converge', async (t) => {
  const wanted = time.parse({ not: { changedSince: 'converge' } });
  t.equal(needsConverge(wanted), true);
  t.equal(needsConverge(time.parse({ changedSince: '2026-11-21' })), false);
  t.match(match(50, withConverge(wanted, 100)), { ok: true });
  t.match(match(150, withConverge(wanted, 100)), { ok: false, expected: /not changed since 1970/ });
  t.match(match(150, time.parse({ changedSince: 'converge' })), { ok: false });
});

await tap.test('entities of a hostile document cost nothing', async (t) => {
  const lol = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
  const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">${lol}]><x>&l9;</x>`;
  const started = process.cpuUsage();
  check(long, { xml: { '/x': 'lol' } }, bomb);
  t.ok(process.cpuUsage(started).user < 2_000_000, 'no billion laughs');
});
