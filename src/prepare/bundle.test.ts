import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import tap from 'tap';

/** The file under test runs without a build and has no types. */
const { bundle } = (await import(new URL('./bundle.mjs', import.meta.url).href)) as {
  bundle: (what: {
    dist: string;
    bin: string;
    files: Readonly<Record<string, readonly string[]>>;
    yaml: string;
  }) => Promise<void>;
};
const yaml = join(createRequire(import.meta.url).resolve('yaml/package.json'), '../browser/dist/index.js');

const PROGRAM = {
  'package.json': '{"type": "module"}',
  app: {
    'bin.js':
      "#!/usr/bin/env node\nimport { join } from 'node:path';\nconst { main } = await import('./main.js');\nconsole.log(JSON.stringify([join('a', 'b'), await main()]));\n",
    'main.js': `import { parseDocument } from 'yaml';
import facts from './facts.json' with { type: 'json' };
import { Thing, deep } from './shared/thing.js';
export async function main() {
  const { isThing } = await import('./later.js');
  return [isThing(new Thing()), deep(), facts.it, parseDocument('a: 1').toJS()];
}
`,
    'later.js':
      "import { Thing } from './shared/thing.js';\nexport const isThing = (one) => one instanceof Thing;\n",
    'facts.json': '{"it": "is"}',
    shared: {
      'thing.js':
        "import { existsSync } from 'node:fs';\nexport class Thing {}\nexport const deep = () => existsSync('/');\n//# sourceMappingURL=thing.js.map\n",
      'thing.js.map': '{}',
      'first.js': 'export const first = 1;\n',
    },
  },
};
const FILES = { first: ['app/shared/first.js'], rest: ['app/main.js'] };
const EXPECTED = ['a/b', [true, true, 'is', { a: 1 }]];

await tap.test('bundled modules do what they did, and there is one copy of each', async (t) => {
  const dist = t.testdir(PROGRAM);
  await bundle({ dist, bin: 'app/bin.js', files: FILES, yaml });
  t.strictSame(
    JSON.parse(execFileSync(process.execPath, [join(dist, 'app/bin.js')], { encoding: 'utf8' })),
    EXPECTED,
  );
  const exported = (file: string) =>
    import(pathToFileURL(join(dist, file)).href) as Promise<Record<string, unknown>>;
  const { Thing } = await exported('app/shared/thing.js');
  const { isThing } = (await exported('app/later.js')) as { isThing: (one: unknown) => boolean };
  t.ok(isThing(new (Thing as new () => object)()), 'a module that was left where it is sees the same class');
  t.strictSame(Object.keys(await exported('app/shared/first.js')), ['first']);
});

await tap.test('the program reads the bundle instead of the modules', async (t) => {
  const dist = t.testdir(PROGRAM);
  await bundle({ dist, bin: 'app/bin.js', files: FILES, yaml });
  t.strictSame(readdirSync(dist).toSorted(), ['app', 'first.js', 'package.json', 'rest.js']);
  t.notMatch(readFileSync(join(dist, 'app/shared/thing.js'), 'utf8'), 'class Thing');
  const rest = readFileSync(join(dist, 'rest.js'), 'utf8');
  t.match(rest, 'class Thing');
  t.match(rest, 'Copyright Eemeli Aro', 'the licence of what was put in goes along');
  t.notOk(existsSync(join(dist, 'app/shared/thing.js.map')), 'a map of a file that is gone');
  const imports = /^import .*'node:/m;
  for (const file of ['first.js', 'rest.js']) {
    t.notMatch(
      readFileSync(join(dist, file), 'utf8'),
      imports,
      `${file} takes built-in modules without their streams`,
    );
  }
});

await tap.test('a module that needs to know where it lies stays there, and works', async (t) => {
  const dist = t.testdir({
    'package.json': '{"type": "module"}',
    'bin.js': "const { tell } = await import('./app/main.js');\nconsole.log(tell());\n",
    app: {
      'main.js': "import { here } from './deep/here.js';\nexport const tell = () => here();\n",
      'word.js': "export const word = 'at';\n",
      deep: {
        'here.js':
          "import { word } from '../word.js';\nexport const here = () => `${word} ${import.meta.url.split('/').slice(-3).join('/')}`;\n",
      },
    },
  });
  await bundle({ dist, bin: 'bin.js', files: { all: ['app/main.js', 'app/word.js'] }, yaml });
  t.equal(
    execFileSync(process.execPath, [join(dist, 'bin.js')], { encoding: 'utf8' }),
    'at app/deep/here.js\n',
  );
  t.match(
    readFileSync(join(dist, 'all.js'), 'utf8'),
    "'at'",
    'what it imports is in the bundle all the same',
  );
});
