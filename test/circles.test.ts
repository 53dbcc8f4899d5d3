import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import tap from 'tap';

const ROOT = join(import.meta.dirname, '..');

/** Static imports and re-exports, of types too: what a dynamic import names is wanted later, and may lead back. */
const IMPORT = /^(?:import|export)\s[^;]*?from '(\.[^'\n]+)';/gm;

/** The first way round that each file leads to, as `a → b → a`; none twice. */
function circles(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at !== -1) found.push([...way.slice(at), file].join(' → '));
    if (at !== -1 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

function importsOf(file: string, text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].map(([, from = '']) => normalize(join(dirname(file), from)));
}

await tap.test('no file imports itself by way of others', async (t) => {
  const files = globSync('{src,drivers,verifiers,fixtures/ec2,bench}/**/*.ts', { cwd: ROOT });
  const imports = new Map(
    files.map((file) => [file, importsOf(file, readFileSync(join(ROOT, file), 'utf8'))] as const),
  );
  t.ok([...imports.values()].flat().length > 3000, 'the imports are seen');
  t.same(circles(imports), []);
});

await tap.test('a circle is found', async (t) => {
  t.same(importsOf('src/a/x.ts', "import {\n  a,\n  type B,\n} from '../b.ts';\nexport * from './c.ts';\n"), [
    'src/b.ts',
    'src/a/c.ts',
  ]);
  const imports = new Map([
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', ['b']],
  ]);
  t.same(circles(imports), ['a → b → c → a']);
});
