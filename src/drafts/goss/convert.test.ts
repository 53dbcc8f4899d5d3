import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { verifiers } from '../../../test/check-table.ts';
import { REPO } from '../../../test/galley.ts';
import type { GalleyError } from '../../core/errors.ts';
import { gapLine } from '../draft.ts';
import { fitting } from '../fit.ts';
import { convertGoss } from './convert.ts';

/** Items and gaps of a goss file, as our own check types take them. */
function convert(text: string): {
  readonly items: readonly object[];
  readonly gaps: readonly string[];
  readonly comments: readonly string[];
} {
  const { drafts, gaps } = fitting(convertGoss(text, 'g.yaml'), verifiers);
  return {
    items: drafts.map(({ item }) => item),
    gaps: gaps.map(gapLine),
    comments: drafts.flatMap((one) => one.comments),
  };
}

await tap.test(
  'a goss file of all types becomes checks that our types take, and a list of the rest',
  async (t) => {
    const text = readFileSync(join(REPO, 'fixtures/convert/goss.yaml'), 'utf8');
    const { items, gaps } = convert(text);
    t.ok(items.length >= 20, `${items.length} checks`);
    t.same(gaps, [
      'g.yaml:50: file /etc/passwd: md5: no equal, but there is sha256',
      'g.yaml:86: matching nothing of a machine: it looks at nothing of the machine',
    ]);
  },
);

await tap.test('matchers', async (t) => {
  const cases: readonly (readonly [goss: string, ours: unknown])[] = [
    ['5', 5],
    ['{gt: 5}', { gt: 5 }],
    ['{ge: 5}', { gte: 5 }],
    ['{not: {lt: 5}}', { not: { lt: 5 } }],
    ['{not: {not: 5}}', 5],
    ['{and: [{gt: 1}, {le: 9}]}', { all: [{ gt: 1 }, { lte: 9 }] }],
    ['{or: [1, 2]}', { any: [1, 2] }],
  ];
  for (const [goss, ours] of cases)
    t.same(
      convert(`user: {a: {exists: true, uid: ${goss}}}`).items,
      [{ user: 'a', exists: true, uid: ours }],
      goss,
    );
  const texts: readonly (readonly [goss: string, ours: unknown])[] = [
    ['/bin/sh', '/bin/sh'],
    ['{have-prefix: /bin}', { startsWith: '/bin' }],
    ['{match-regexp: "(?i)^/BIN/[[:alpha:]]+$"}', { matches: '/^\\/BIN\\/[A-Za-z]+$/i' }],
    ['{contain-substring: in/s}', { contains: 'in/s' }],
  ];
  for (const [goss, ours] of texts)
    t.same(
      convert(`user: {a: {exists: true, shell: ${goss}}}`).items,
      [{ user: 'a', exists: true, shell: ours }],
      goss,
    );
  const lists: readonly (readonly [goss: string, ours: unknown])[] = [
    ['[a, {have-prefix: b}]', ['a', { startsWith: 'b' }]],
    ['{consist-of: [a, b]}', { exactly: ['a', 'b'] }],
    ['{contain-elements: [a]}', { superset: ['a'] }],
    ['{contain-element: {match-regexp: ^a}}', { any: { matches: '/^a/' } }],
    ['{have-len: 2}', { length: 2 }],
  ];
  for (const [goss, ours] of lists)
    t.same(
      convert(`user: {a: {exists: true, groups: ${goss}}}`).items,
      [{ user: 'a', exists: true, groups: ours }],
      goss,
    );
});

await tap.test('patterns of long texts, with their escapes, and the trap of the empty list', async (t) => {
  const content = (patterns: string): unknown =>
    (convert(`file: {/a: {exists: true, contents: ${patterns}}}`).items[0] as Record<string, unknown>)[
      'content'
    ];
  t.same(content('[a, b]'), ['a', 'b']);
  t.same(content(String.raw`["\\!a", "\\/b/", "!c"]`), {
    all: [{ contains: '!a' }, { matches: '/\\/b\\//' }, { not: { contains: 'c' } }],
  });
  t.same(content('["!/a+$/"]'), { not: { matches: '/a+$/' } });
  t.same(content('""'), { equal: '' }, 'an empty text means an empty file');
  const empty = convert('file: {/a: {exists: true, contents: []}}');
  t.same(empty.items, [{ file: '/a', exists: true }]);
  t.match(empty.comments, ['g.yaml:1: file /a', 'contents: [] asserted nothing in goss']);
  t.same(empty.gaps, []);
});

await tap.test(
  'what goss does not look at is not asserted, and what it does differently is said',
  async (t) => {
    t.same(convert('service: {a: {enabled: true}}').items, [
      { service: 'a', active: { present: true }, enabled: true },
    ]);
    t.same(convert('user: {a: {exists: false, uid: 3}}').items, [{ user: 'a', exists: false }]);
    t.same(convert('port: {"tcp6:80": {listening: true}}').items, [
      { port: 80, listening: true, family: 'ipv6' },
    ]);
    t.same(convert('package: {a: {installed: true, retry_count: 4, retry_delay: 500}}').items, [
      { package: 'a', installed: true, eventually: { within: '2000ms', every: '500ms' } },
    ]);
    t.same(convert('dns: {"MX:a.b": {resolvable: true, server: 9.9.9.9, addrs: ["10 m.a.b."]}}').items, [
      { dns: 'a.b', resolves: true, type: 'MX', server: '9.9.9.9', records: ['10 m.a.b'] },
    ]);
    t.same(convert('file: {/a: {exists: true, mode: 644, skip: true}}').items, [
      { file: '/a', exists: true, mode: '0644', skip: 'skipped in the goss file, which gave no reason' },
    ]);
  },
);

await tap.test('nothing is dropped without a word', async (t) => {
  const { gaps, items } = convert(`
service: {a: {running: true, runlevels: [3]}}
http: {"http://a/": {status: 200, password: hunter2hunter2, headers: ['/Server: n/']}}
file: {/first: {exists: true}}
port: {80: {listening: true}}
gossfile: {other.yaml: {}, no.yaml: {skip: true}}
registry: {x: {exists: true}}
dns: {"SSHFP:a": {resolvable: true}}
user: {"a b": {exists: true}}
file: {/second: {exists: true}}
`);
  const expected = [
    /^g.yaml:2: service a: runlevels: /,
    /^g.yaml:3: http http:\/\/a\/: headers: '\/Server: n\/' is a pattern over whole header lines/,
    /^g.yaml:3: http http:\/\/a\/: password: write request/,
    /^g.yaml:5: port 80: expected tcp:N/,
    /^g.yaml:6: gossfile other.yaml: an include/,
    /^g.yaml:7: registry x: Windows/,
    /^g.yaml:8: dns SSHFP:a: /,
    /^g.yaml:9: user a b: .*must be the name of a user/,
    /^g.yaml:10: goss file: the key "file" is given twice/,
  ];
  t.equal(gaps.length, expected.length, gaps.join('\n'));
  t.match(gaps, expected);
  t.notMatch(JSON.stringify([gaps, items]), /hunter2/);
  const link = convert(
    'file: {/l: {exists: true, filetype: symlink, mode: "0777", colour: red, contents: {xml: {}}}}',
  );
  t.equal(link.gaps.length, 3);
  t.match(link.gaps, [
    /mode: goss looks at the link itself/,
    /contents: XPath/,
    /colour: goss's file has no attribute/,
  ]);
});

await tap.test('an include that is converted as well is no gap', async (t) => {
  const { gaps } = convertGoss('gossfile: {./b.yaml: {}, sub: {file: c.yaml}}', 'dir/a.yaml', [
    'dir/b.yaml',
    'dir/c.yaml',
  ]);
  t.same(gaps, []);
});

await tap.test('templates, cyclic aliases and broken YAML are refused in their line', async (t) => {
  const refused = (text: string): Partial<GalleyError> => {
    try {
      convertGoss(text, 'g.yaml');
      return {};
    } catch (error) {
      return error as GalleyError;
    }
  };
  t.match(refused('file:\n  /a:\n    exists: {{ .Vars.x }}\n'), {
    code: 'convert.goss_template',
    kind: 'config',
    location: { file: 'g.yaml', line: 3 },
    hint: /goss -g g.yaml --vars VARS render/,
  });
  t.match(refused('file: &a\n  /x: *a\n'), {
    code: 'config.cyclic_alias',
    location: { file: 'g.yaml', line: 2 },
  });
  t.match(refused('file:\n  /x: [\n'), { code: 'config.yaml_syntax', kind: 'config' });
  t.match(refused('- a\n'), { code: 'config.not_a_mapping' });
});
