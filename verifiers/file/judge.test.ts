import tap from 'tap';
import type { FileFact } from '../../src/core/snapshot.ts';
import type { Access } from './access.ts';
import { fileVerifier } from './index.ts';
import { judgeFile } from './judge.ts';
import type { FileFacts } from './observe.ts';
import { fileSpec } from './schema.ts';

const INI: FileFact = {
  path: '/etc/uwsgi/app.ini',
  exists: true,
  type: 'file',
  mode: 0o640,
  uid: 0,
  gid: 33,
  owner: 'root',
  group: 'www-data',
  size: 60,
  content: '[uwsgi]\nmaster = true\nworkers = 4\n',
  sha256: 'ab12'.repeat(16),
};

function judge(attributes: object, file: Partial<FileFact> = {}, more: Partial<FileFacts> = {}) {
  const spec = fileSpec.parse({ file: INI.path, ...attributes });
  return judgeFile(spec, { files: [{ ...INI, ...file }], via: 'exec', ...more });
}

await tap.test('every attribute passes for the right value and fails for a wrong one', async (t) => {
  const rows: [string, unknown, unknown][] = [
    ['type', 'file', 'directory'],
    ['mode', '0640', '0644'],
    ['mode', 0o640, 0o644],
    ['owner', 'root', 'app'],
    ['group', 'www-data', 'root'],
    ['uid', 0, 1],
    ['gid', 33, 0],
    ['size', { gt: 10 }, 0],
    ['content', { contains: 'workers = 4' }, { contains: 'workers = 8' }],
    ['content', ['[uwsgi]', '/^master\\s*=\\s*true$/'], ['lazy-apps']],
    ['lines', { length: 3 }, { length: 4 }],
    ['lines', { none: '/lazy/' }, { none: '/workers/' }],
    ['sha256', 'AB12'.repeat(16), 'ab13'.repeat(16)],
  ];
  for (const [property, good, bad] of rows) {
    t.match(judge({ [property]: good }), [
      { property: 'exists', outcome: 'pass' },
      { property, outcome: 'pass' },
    ]);
    t.match(judge({ [property]: bad }), [
      { property: 'exists', outcome: 'pass' },
      { property, outcome: 'fail' },
    ]);
  }
  t.match(judge({ target: '/srv/app/' }, { type: 'symlink', target: '/srv/app/' })[1], { outcome: 'pass' });
});

await tap.test('existence is judged by default and gates the other attributes', async (t) => {
  t.match(judge({}), [{ property: 'exists', outcome: 'pass', observed: /file, 0640, root, 60 bytes/ }]);
  const results = judge({ mode: '0644', content: 'x' }, { exists: false });
  t.equal(results.length, 1);
  t.match(results[0], {
    property: 'exists',
    outcome: 'fail',
    expected: 'exists',
    observed: 'does not exist',
  });
  t.match(judge({ exists: false }, { exists: false }), [{ outcome: 'pass' }]);
  t.match(judge({ exists: false }), [{ outcome: 'fail', observed: /exists \(file/ }]);
});

await tap.test('a failing text names its nearest line', async (t) => {
  const [, result] = judge({ content: { contains: 'workers = 8' } });
  t.match(result?.notes, ['nearest is line 3: "workers = 4"']);
});

await tap.test('a file that was read in part proves presence, never absence', async (t) => {
  const big = { truncated: true };
  t.match(judge({ content: { contains: 'master' } }, big)[1], { outcome: 'pass' });
  t.match(judge({ content: { not: { contains: 'zzz' } } }, big)[1], {
    outcome: 'error',
    observed: /larger than 1 MiB/,
  });
  t.match(judge({ content: { contains: 'zzz' } }, big)[1], { outcome: 'error' });
  t.match(judge({ lines: { none: 'zzz' } }, big)[1], { outcome: 'error' });
});

await tap.test('secrets in a file do not show', async (t) => {
  const [, result] = judge(
    { content: 'x' },
    { content: 'DATABASE_URL=postgres://a:hunter2@db/x\nDB_PASSWORD=hunter2\n' },
  );
  t.notMatch(JSON.stringify(result), /hunter2/);
});

await tap.test('contradictions and relative paths are refused', async (t) => {
  for (const item of [
    { file: 'etc/x' },
    { file: '/x', exists: false, mode: '0644' },
    { file: '/x', type: 'fil' },
    { file: '/x', mode: 400 },
    { file: '/x/**/y' },
    { file: '/x', count: 1 },
    { file: '/x', holdsFor: 'any' },
    { file: '/x/*', holdsFor: 'some' },
    { file: '/x', readableBy: [] },
    { file: '/x', json: { a: { nope: 1 } } },
  ]) {
    t.equal(fileSpec.safeParse(item).success, false, JSON.stringify(item));
  }
});

await tap.test('values inside, by the format of the file', async (t) => {
  const rows: [string, string, object, object][] = [
    ['json', '{"a": [{"b": 1}]}', { 'a[0].b': 1 }, { 'a[0].b': 2 }],
    [
      'yaml',
      'a:\n  - b: yes\n    c: 010\n',
      { 'a[0].b': 'yes', 'a.length': 1 },
      { 'a[0].b': { absent: true } },
    ],
    ['yaml', 'a: 1\n---\na: 2\n', { '[1].a': 2 }, { '[1].a': 1 }],
    ['toml', '[tool]\nname = "x"\nn = [1, 2]\n', { 'tool.name': 'x', 'tool.n': [2] }, { 'tool.name': 'y' }],
    [
      'ini',
      'top = 1\n[uwsgi]\nenv = A=1\nenv = B=2\nworkers = 4\nlazy-apps = true ; x\n',
      { top: 1, 'uwsgi.env': ['A=1', 'B=2'], 'uwsgi.workers': { gte: 4 }, 'uwsgi.lazy-apps': true },
      { 'uwsgi.env': ['C=1'] },
    ],
    ['ini', '[a]\nzip = 007\n', { 'a.zip': '007' }, { 'a.zip': 7 }],
    [
      'xml',
      '<config><server port="80"><name>x</name></server></config>',
      { '/config/server/@port': 80, '/config/server/name': 'x' },
      { '/config/server/@port': 81 },
    ],
  ];
  for (const [format, content, good, bad] of rows) {
    const outcomes = judge({ [format]: good }, { content }).map((one) => one.outcome);
    t.same([...new Set(outcomes)], ['pass'], `${format} ${JSON.stringify(good)}`);
    t.equal(judge({ [format]: bad }, { content })[1]?.outcome, 'fail', `${format} ${JSON.stringify(bad)}`);
  }
  for (const format of ['json', 'yaml', 'toml', 'xml'])
    t.match(judge({ [format]: { a: { absent: true } } }, { content: '{a: [' })[1], {
      outcome: 'fail',
      observed: new RegExp(`it is not ${format.toUpperCase()}`),
    });
  t.match(judge({ json: { a: { absent: true } } }, { truncated: true })[1], { outcome: 'error' });
  const secret = judge({ json: { 'db.password': 'x' } }, { content: '{"db": {"password": "n0t-s3cret"}}' });
  t.notMatch(JSON.stringify(secret), 'n0t-s3cret');
  const broken = judge({ yaml: { a: 1 } }, { content: 'a: "n0t-s3cret\nb: [' });
  t.notMatch(JSON.stringify(broken), 'n0t-s3cret');
});

await tap.test('who can read it, its access list, its file system and when it changed', async (t) => {
  const denied = { isReadable: false, why: 'Permission denied' } as const;
  const access = new Map<string, ReadonlyMap<string, Access>>([
    ['app', new Map([[INI.path, { isReadable: true } as const]])],
    ['nobody', new Map([[INI.path, denied]])],
  ]);
  t.match(judge({ readableBy: 'app', unreadableBy: ['nobody'] }, {}, { access }).slice(1), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.match(judge({ readableBy: 'nobody', unreadableBy: 'app' }, {}, { access }).slice(1), [
    { outcome: 'fail', observed: 'not read: Permission denied' },
    { outcome: 'fail', observed: 'read' },
  ]);
  t.match(judge({ unreadableBy: 'ghost' }, {}, { access })[1], { outcome: 'error' });
  const acls = new Map([[INI.path, ['user::rw-', 'user:app:r--']]]);
  t.match(judge({ acl: 'user:app:r--' }, {}, { acls })[1], { outcome: 'pass' });
  t.match(
    judge({ acl: { none: '/^user:app/' } }, {}, { acls })[1],
    { outcome: 'pass' },
    'entries are plain texts',
  );
  t.match(judge({ acl: { none: 'user:app:r--' } }, {}, { acls })[1], { outcome: 'fail' });
  const mount = (path: string) => ({ path, source: 'x', fs: 'ext4', options: [], root: '/' });
  const mounts = [mount('/'), mount('/etc'), mount('/etc/u'), mount('/etc/uwsgi')];
  t.match(judge({ mountedOn: '/etc/uwsgi' }, {}, { mounts })[1], { outcome: 'pass' });
  t.match(judge({ mountedOn: '/' }, {}, { mounts })[1], { outcome: 'fail', observed: '"/etc/uwsgi"' });
  t.match(judge({ mountedOn: '/' })[1], { outcome: 'error' });
  const changed = { mtime: { changedSince: 'converge' } };
  t.match(judge(changed, { mtime: 100 }, { convergedAt: 90 })[1], { outcome: 'pass' });
  t.match(judge(changed, { mtime: 80 }, { convergedAt: 90 })[1], { outcome: 'fail' });
  t.match(judge(changed, { mtime: 100 })[1], { outcome: 'error', observed: /galley converge/ });
  t.equal(fileVerifier.marks?.when(fileSpec.parse({ file: '/x', ...changed })), 'converge');
  t.equal(fileVerifier.marks?.when(fileSpec.parse({ file: '/x' })), undefined);
});

await tap.test('a pattern: each, any or none of the files that match', async (t) => {
  const files = ['a', 'b', 'c'].map((name) => ({
    ...INI,
    path: `/etc/${name}.ini`,
    size: name === 'c' ? 0 : 9,
  }));
  const pattern = (attributes: object, more: Partial<FileFacts> = {}) =>
    judgeFile(fileSpec.parse({ file: '/etc/*.ini', ...attributes }), { files, via: 'exec', ...more }).map(
      ({ property, outcome }) => `${property} ${outcome}`,
    );
  t.same(pattern({}), ['exists pass']);
  t.same(pattern({ exists: false }), ['exists fail']);
  t.same(pattern({ count: 3 }), ['exists pass', 'count pass']);
  t.same(pattern({ count: { lt: 3 } }), ['exists pass', 'count fail']);
  t.same(pattern({ count: 0 }, { files: [] }), ['count pass']);
  t.same(pattern({ count: { lt: 3 }, mode: '0640' }, { files: [] }), ['exists fail', 'count pass']);
  t.same(pattern({ count: { lte: 3 } }, { isCut: true }), ['exists pass', 'count error']);
  t.same(pattern({ exists: false }, { files: [] }), ['exists pass']);
  t.same(pattern({ mode: '0640' }, { files: [] }), ['exists fail']);
  t.same(pattern({ mode: '0640', size: { gt: 0 } }), ['exists pass', 'size fail', 'mode pass']);
  t.same(pattern({ holdsFor: 'any', size: 0 }), ['exists pass', 'size pass']);
  t.same(pattern({ holdsFor: 'any', size: 1 }), ['exists pass', 'size fail']);
  t.same(pattern({ holdsFor: 'none', size: 1 }), ['exists pass', 'size pass']);
  t.same(pattern({ holdsFor: 'none', size: 0 }), ['exists pass', 'size fail']);
  t.same(pattern({ mode: '0640' }, { isCut: true }), ['exists pass', 'mode error']);
  t.same(pattern({ holdsFor: 'any', size: 0 }, { isCut: true }), ['exists pass', 'size pass']);
});
