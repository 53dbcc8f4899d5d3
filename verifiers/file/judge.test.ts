import tap from 'tap';
import type { FileFact } from '../../src/core/snapshot.ts';
import { judgeFile } from './judge.ts';
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
  sha256: 'ab12',
};

function judge(attributes: object, file: Partial<FileFact> = {}) {
  const spec = fileSpec.parse({ file: INI.path, ...attributes });
  return judgeFile(spec, { file: { ...INI, ...file }, via: 'exec' });
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
    ['sha256', 'ab12', 'ab13'],
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
  ]) {
    t.equal(fileSpec.safeParse(item).success, false, JSON.stringify(item));
  }
});
