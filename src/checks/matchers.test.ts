import tap from 'tap';
import { z } from 'zod';
import { matcher, textMatcher } from './matcher-schema.ts';
import { type MatchOptions, type MatchResult, match } from './matchers.ts';

const number = matcher(z.number());
const text = matcher(z.string());
const list = matcher(z.array(z.string()));
const long = textMatcher();
const json = matcher(z.unknown());

function check(schema: z.ZodType, raw: unknown, actual: unknown, options?: MatchOptions): MatchResult {
  return match(actual, schema.parse(raw) as never, options);
}

await tap.test('each matcher holds for the right value and not for a wrong one', async (t) => {
  const rows: [z.ZodType, unknown, unknown, unknown][] = [
    [number, 200, 200, 500],
    [number, '200', 200, 500],
    [number, { oneOf: [200, 204] }, 204, 500],
    [number, { gt: 2 }, 3, 2],
    [number, { gte: 2 }, 2, 1],
    [number, { lt: 2 }, 1, 2],
    [number, { lte: 2 }, 2, 3],
    [number, { between: [1, 3] }, 3, 4],
    [number, { gte: 2, lte: 4 }, 3, 5],
    [number, { not: 5 }, 4, 5],
    [number, { any: [1, { gt: 10 }] }, 11, 5],
    [number, { all: [{ gt: 1 }, { lt: 3 }] }, 2, 3],
    [text, 'a', 'a', 'b'],
    [text, 80, '80', '8'],
    [text, '/^a.c$/i', 'ABC', 'abbc'],
    [text, '/etc/nginx/', '/etc/nginx/', 'etc'],
    [text, '/srv/repo', '/srv/repo', 'srv'],
    [text, { equal: '/a/' }, '/a/', 'a'],
    [text, { matches: '^ab' }, 'abc', 'cab'],
    [text, { contains: 'b' }, 'abc', 'ac'],
    [text, { contains: ['a', '/c$/'] }, 'abc', 'acb'],
    [text, { startsWith: 'a' }, 'abc', 'ba'],
    [text, { endsWith: 'c' }, 'abc', 'ca'],
    [text, { length: 3 }, 'abc', 'ab'],
    [text, { length: { gte: 3 } }, 'abc', 'ab'],
    [text, { present: true }, '', undefined],
    [text, { absent: true }, null, ''],
    [text, { present: false }, undefined, 'x'],
    [text, { not: { contains: 'x' } }, 'abc', 'x'],
    [text, { gt: 100 }, '128', '12'],
    [list, ['a', 'b'], ['c', 'b', 'a'], ['a', 'c']],
    [list, 'a', ['b', 'a'], ['b']],
    [list, { contains: 'html' }, ['text/html', 'x'], ['json']],
    [list, { not: { contains: 'html' } }, ['json'], ['json', 'text/html']],
    [list, { each: { startsWith: 'a' } }, ['a1', 'a2'], ['a1', 'b']],
    [list, { none: { startsWith: 'a' } }, ['b', 'c'], ['b', 'a1']],
    [list, { any: { startsWith: 'a' } }, ['b', 'a1'], ['b']],
    [list, { exactly: ['a', '/b/'] }, ['xb', 'a'], ['a', 'xb', 'c']],
    [list, { exactly: ['/[ab]/', 'a'] }, ['a', 'b'], ['b', 'b']],
    [list, { exactly: [] }, [], ['a']],
    [list, { subset: ['a', 'b'] }, ['b'], ['b', 'c']],
    [list, { length: 2 }, ['a', 'b'], ['a']],
    [list, { absent: true }, [], ['a']],
    [list, { equal: ['a', 'b'] }, ['a', 'b'], ['b', 'a']],
    [long, 'ok', 'ok\n', 'ok then'],
    [long, ['ok', '/^done$/'], 'it is ok\ndone\n', 'it is ok\nnot done'],
    [long, { not: 'error' }, 'fine', 'an error here'],
    [json, { equal: { a: 1 } }, { a: 1 }, { a: 2 }],
    [json, [1, 2], [2, 1, 3], [1]],
    [json, { hasKey: 'a' }, { a: 1 }, { b: 1 }],
    [json, null, null, 0],
    [json, { each: { gt: 1 } }, [2, 3], [1, 2]],
  ];
  for (const [schema, raw, good, bad] of rows) {
    t.equal(check(schema, raw, good).ok, true, `${JSON.stringify(raw)} holds for ${JSON.stringify(good)}`);
    t.equal(check(schema, raw, bad).ok, false, `${JSON.stringify(raw)} fails for ${JSON.stringify(bad)}`);
  }
});

await tap.test('nothing observed satisfies no positive matcher', async (t) => {
  for (const raw of ['a', { matches: '.*' }, { contains: 'a' }, { length: { gte: 0 } }, { present: true }]) {
    t.equal(check(text, raw, undefined).ok, false, JSON.stringify(raw));
  }
  t.equal(check(number, { lt: 5 }, undefined).ok, false, 'undefined is not below 5');
  t.equal(check(number, { lt: 5 }, '').ok, false, 'an empty text is not zero');
  t.equal(check(list, { each: 'a' }, []).ok, false, 'each of an empty list');
});

await tap.test('what cannot be compared meets neither a matcher nor its opposite', async (t) => {
  const rows: [z.ZodType, object, unknown][] = [
    [number, { gt: 4 }, 'load 7.5'],
    [text, { between: [1, 5] }, 'none'],
    [text, { version: '>=2' }, 'unknown'],
    [text, { semver: '>=2' }, 'unknown'],
    [long, { json: { a: 1 } }, 'no JSON'],
    [long, { xml: { '/a': 1 } }, '{}'],
    [json, { contains: 'boom' }, { message: 'boom' }],
    [json, { matches: 'boom' }, [{ message: 'boom' }]],
    [json, { hasKey: 'a' }, 'a'],
    [json, { length: 3 }, 300],
    [json, { each: { gt: 1 } }, [2, 'many']],
    [list, { any: { gt: 1 } }, ['many']],
  ];
  for (const [schema, raw, actual] of rows) {
    for (const wanted of [raw, { not: raw }, { not: { not: raw } }]) {
      const result = check(schema, wanted, actual);
      t.equal(result.ok, false, `${JSON.stringify(wanted)} of ${JSON.stringify(actual)}`);
      t.match(result.observed, /it cannot be compared so|not JSON/, result.observed);
    }
  }
  t.equal(check(json, { none: { gt: 5 } }, [3, 'many']).ok, false, 'who knows how many that is');
  t.equal(check(json, { none: { gt: 5 } }, [3, 4]).ok, true);
  t.equal(check(json, { any: [{ gt: 5 }, 'many'] }, 'many').ok, true, 'the other alternative holds');
  t.equal(
    check(json, { not: { all: [{ gt: 5 }, { contains: 'x' }] } }, 'many').ok,
    true,
    'one is false anyhow',
  );
  t.equal(check(number, { not: { gt: 4 } }, undefined).ok, true, 'what is not set is not above 4');
});

await tap.test('a failure says what was expected, what was seen and how it was converted', async (t) => {
  t.match(check(number, { gte: 2 }, 1), { relation: 'gte', expected: '≥ 2', observed: '1' });
  t.same(check(text, { gt: 200 }, '128').transforms, ['to number (raw value was "128")']);
  t.equal(check(list, ['a', 'b'], ['a']).observed, '["a"]; missing: "b"');
  t.equal(check(list, { exactly: ['a'] }, ['a', 'c']).observed, '["a","c"]; too much: "c"');
  t.equal(check(json, 1, '1').observed, '"1"; a text, not a number');
  t.match(check(long, 'a\nb\nc', 'a\nx\nc').observed, /first difference at line 2: "x", expected "b"/);
});

await tap.test('secrets are shown as length and equality only, on both sides', async (t) => {
  const hush = { secret: true };
  for (const raw of [
    'hunter2',
    { contains: 'hunter2' },
    { oneOf: ['hunter2'] },
    '/hunter2/',
    { not: 'hunter2' },
  ]) {
    for (const actual of ['hunter2', 'hunter2-other']) {
      const result = check(text, raw, actual, hush);
      t.notMatch(`${result.expected} ${result.observed}`, /hunter2/, JSON.stringify(raw));
    }
  }
  t.match(check(text, 'hunter2', 'hunt', hush), { expected: '‹7 chars›', observed: 'differs (‹4 chars›)' });
  t.match(check(text, 'hunter2', 'hunter2', hush), { ok: true, observed: 'equal (‹7 chars›)' });
});

await tap.test('passwords in URLs are hidden everywhere and their difference is told', async (t) => {
  const result = check(text, 'postgres://app:sesame@db/x', 'postgres://app:other@db/x');
  t.equal(result.expected, '"postgres://app:‹6 chars›@db/x"');
  t.equal(result.observed, '"postgres://app:‹5 chars›@db/x"; the password differs (5 chars, expected 6)');
});

await tap.test('impossible matchers are refused at parse time with their place', async (t) => {
  const rows: [z.ZodType, unknown, string, RegExp][] = [
    [number, { gte: 'abc' }, 'gte', /expected a number/],
    [number, 'abc', '', /expected a number/],
    [number, { gtee: 2 }, 'gtee', /unknown matcher 'gtee'/],
    [number, { matches: '/2/' }, 'matches', /unknown matcher 'matches'/],
    [number, [200, 204], '', /oneOf/],
    [number, { between: [3, 1] }, 'between', /no number is between/],
    [text, '/(/', '', /invalid regular expression/],
    [text, { matches: '(' }, 'matches', /invalid regular expression/],
    [text, { matches: '\\Aok\\z' }, 'matches', /write \^ and \$/],
    [text, null, '', /absent: true/],
    [text, {}, '', /empty map/],
    [list, [], '', /empty list/],
    [list, { each: { nope: 1 } }, 'each.nope', /unknown matcher/],
    [list, ['a', { nope: 1 }], '1.nope', /unknown matcher/],
    [text, { present: 'yes please' }, 'present', /true or false/],
    [text, { any: [] }, 'any', /not empty/],
    [text, { length: { gte: 'x' } }, 'length.gte', /expected a number/],
  ];
  for (const [schema, raw, path, message] of rows) {
    const parsed = schema.safeParse(raw);
    t.equal(parsed.success, false, JSON.stringify(raw));
    t.equal(parsed.error?.issues[0]?.path.join('.'), path, JSON.stringify(raw));
    t.match(parsed.error?.issues[0]?.message, message);
  }
});

await tap.test('all unknown keys are found at once and carry the known ones', async (t) => {
  const issues = number.safeParse({ gtee: 1, ltee: 2 }).error?.issues ?? [];
  t.same(
    issues.map((issue) => issue.path),
    [['gtee'], ['ltee']],
  );
  t.match(issues[0], { params: { unknown: 'gtee', known: ['equal'] } });
});

await tap.test('a template that is not filled in yet parses wherever a value may stand', async (t) => {
  t.equal(number.safeParse('${services.db.port}').success, true);
  t.equal(number.safeParse({ gte: '${services.db.port}' }).success, true);
});
