import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import tap from 'tap';
import { createPlugins } from '../src/plugins.ts';

const ROOT = join(import.meta.dirname, '..');

/** What each room may import of ours beside itself, as in docs/architecture.md. The first row that fits counts. */
const WALLS: readonly (readonly [room: RegExp, allowed: RegExp])[] = [
  [/^src\/core\//, /^$/],
  [/^src\/(config|docker|state|reporters)\//, /^src\/core\//],
  [/^src\/checks\//, /^src\/core\//],
  [/^src\/images\//, /^src\/(core|docker)\//],
  [/^src\/services\//, /^src\/(core|docker|images)\//],
  [/^src\/drafts\//, /^src\/(core|config|checks)\//],
  [/^src\/plan\//, /^src\/(core|config|checks)\//],
  [/^src\/engine\//, /^src\/(core|plan|state|checks|local)\//],
  [/^src\/local\//, /^src\/core\//],
  [/^src\/suites\//, /^src\/(core|local)\//],
  // Beside the transports is what several of them share.
  [/^src\/transports\/docker\//, /^src\/((core|docker)\/|transports\/[^/]+\.ts$)/],
  [/^src\/transports\/[^/]+(\/|$)/, /^src\/(core\/|transports\/[^/]+\.ts$)/],
  // Beside and below the provisioners is what several of them share.
  [/^src\/provisioners\/[^/]+(\/|$)/, /^src\/((core|local)\/|provisioners\/([^/]+\.ts$|sandbox\/))/],
  [/^src\/cli\//, /^src\//],
  [/^src\/plugins\.ts$/, /./],
  [/^src\/prepare\//, /^$/],
  [/^drivers\/[^/]+\//, /^src\/(core|docker|images)\//],
  [/^verifiers\/[^/]+\//, /^src\/(core|checks|suites)\//],
];

/** Static and dynamic imports, re-exports and types alike. */
const IMPORT = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)'([^'\n]+)'/g;

/** `file → imported file` for each import that a wall forbids. */
function trespasses(file: string, text: string): readonly string[] {
  const wall = WALLS.find(([room]) => room.test(file));
  const own = wall?.[0].exec(file)?.[0];
  return [...text.matchAll(IMPORT)].flatMap(([, from = '']) => {
    if (!from.startsWith('.')) return [];
    const target = normalize(join(dirname(file), from));
    const isInside =
      wall !== undefined && (wall[1].test(target) || (own !== '' && target.startsWith(own ?? '/')));
    return isInside ? [] : [`${file} → ${target}`];
  });
}

const sources = globSync('{src,drivers,verifiers}/**/*.{ts,mjs}', { cwd: ROOT }).filter(
  (file) => !file.endsWith('.test.ts'),
);

await tap.test('no room imports what it may not', async (t) => {
  t.ok(sources.length > 100, `${sources.length} files are read`);
  t.same(
    sources.flatMap((file) => trespasses(file, readFileSync(join(ROOT, file), 'utf8'))),
    [],
  );
});

await tap.test('each wall holds', async (t) => {
  const wrong = [
    ['src/core/x.ts', '../checks/holds.ts'],
    ['src/config/x.ts', '../docker/connect.ts'],
    ['src/checks/probe/x.ts', '../../engine/run.ts'],
    ['src/images/x.ts', '../config/load.ts'],
    ['src/services/x.ts', '../engine/run.ts'],
    ['src/plan/x.ts', '../engine/run.ts'],
    ['src/engine/x.ts', '../cli/host.ts'],
    ['src/engine/x.ts', '../plugins.ts'],
    ['src/engine/x.ts', '../reporters/live.ts'],
    ['src/engine/x.ts', '../docker/connect.ts'],
    ['src/state/x.ts', '../engine/run.ts'],
    ['src/reporters/x.ts', '../engine/run.ts'],
    ['src/transports/docker/x.ts', '../ssm/index.ts'],
    ['src/transports/ssm/x.ts', '../ssh/index.ts'],
    ['src/transports/x.ts', './ssh/index.ts'],
    ['src/provisioners/shell/x.ts', '../chef-infra/index.ts'],
    ['src/provisioners/sandbox/x.ts', '../../docker/connect.ts'],
    ['src/drafts/goss/x.ts', '../../../verifiers/http/schema.ts'],
    ['src/new-room/x.ts', '../core/check.ts'],
    ['drivers/docker/x.ts', '../other/index.ts'],
    ['drivers/docker/x.ts', '../../src/engine/run.ts'],
    ['verifiers/http/x.ts', '../port/index.ts'],
    ['verifiers/http/x.ts', '../../src/config/load.ts'],
    ['verifiers/http/x.ts', '../../src/plugins.ts'],
  ] as const;
  for (const [file, from] of wrong) {
    const ways = [
      `import { a } from '${from}';`,
      `await import('${from}');`,
      `export type * from '${from}';`,
    ];
    t.equal(trespasses(file, ways.join('\n')).length, ways.length, `${file} must not import ${from}`);
  }
});

await tap.test('the linter shows the walls where code is written', async (t) => {
  const bad = (imports: string): string =>
    `import { a } from '${imports}';\nexport const b = [a, process.env['A'], process.stdout, process.exit];\nconsole.log(b);\n`;
  const files: Readonly<Record<string, string>> = {
    'src/core/x.ts': bad('../checks/holds.ts'),
    'src/engine/x.ts': bad('../plugins.ts'),
    'drivers/docker/x.ts': bad('../other/index.ts'),
    'verifiers/http/x.ts': bad('../port/index.ts'),
    'src/reporters/x.ts': bad('./y.ts'),
  };
  // Not tap's folder: the linter ignores it.
  const root = mkdtempSync(join(tmpdir(), 'galley-test-walls-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  cpSync(join(ROOT, '.oxlintrc.json'), join(root, '.oxlintrc.json'));
  const linter = join(ROOT, 'node_modules/.bin/oxlint');
  // tap adds a NODE_OPTIONS to every process, with which the linter does not start.
  const argv = ['-u', 'NODE_OPTIONS', linter, '--format=unix', '.'];
  const { stdout } = spawnSync('env', argv, { cwd: root, encoding: 'utf8' });
  const rulesFor = (file: string): readonly string[] =>
    stdout
      .split('\n')
      .filter((line) => line.includes(file))
      .map((line) => /\(([\w-]+)\)\]$/.exec(line)?.[1] ?? '')
      .toSorted((a, b) => (a < b ? -1 : 1));
  const output = ['no-console', ...Array<string>(3).fill('no-restricted-properties')];
  for (const file of Object.keys(files).slice(0, -1)) {
    t.same(rulesFor(file), ['no-console', 'no-restricted-imports', ...output.slice(1)], file);
  }
  t.same(rulesFor('src/reporters/x.ts'), output);
});

await tap.test('every folder of a driver or a check type is registered, and nothing else is', async (t) => {
  const { drivers, verifiers, suites } = createPlugins({ env: {}, cacheDir: t.testdirName });
  const folders = (room: string): readonly string[] => readdirSync(join(ROOT, room)).toSorted();
  t.same(drivers.map((one) => one.name).toSorted(), folders('drivers'));
  t.same([...verifiers.keys(), ...suites.map((one) => one.name)].toSorted(), folders('verifiers'));
});
