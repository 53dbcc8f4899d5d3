// A few files for what the tab key, `galley list` and the other commands load: to read 90 modules takes longer than all that they do.
import { readFileSync, rmSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';

/**
 * Files of `dist`, each with the modules that go into it, and with what those import other than by `import()`. What
 * two need goes into the one that is named first.
 */
const FILES = {
  names: ['src/cli/print-names.js'],
  list: ['src/cli/main.js', 'src/cli/commands/list.js', 'src/cli/complete-names.js'],
  erb: ['src/config/erb/render.js'],
  ruby: ['src/config/erb/render-pieces.js'],
  cli: ['src/cli/command-line.js'],
  run: ['src/cli/run-command.js'],
};

const BUILTIN = '\0builtin:';

/**
 * Rewrites compiled modules: the code of those in `files` is put together, and in the place of each of them stays a
 * file that exports its part again. So there is one copy of each module, whoever imports it.
 * @param {{ dist: string, bin: string, files: Readonly<Record<string, readonly string[]>>, yaml: string }} what
 *   `dist`: absolute folder; `bin`: with what the program starts, which stays a file of its own, with its own imports of
 *   built-in modules, and loads the others with `import()`; `yaml`: the YAML library's main module, an ES module, which is put in as well
 */
export async function bundle({ dist, bin, files, yaml }) {
  const fileOf = await assign(dist, files);
  // Modules that are not there and that nobody asks for: whatever the others need may be exported in their place.
  const heads = new Map(Object.keys(files).map((name) => [join(dist, `${name}.js`), name]));
  const made = await rollup({
    input: [...heads.keys()],
    preserveEntrySignatures: 'allow-extension',
    treeshake: { moduleSideEffects: false },
    onLog: refuse,
    plugins: [
      {
        name: 'bundle',
        buildStart() {
          for (const id of [join(dist, bin), ...fileOf.keys()]) {
            this.emitFile({ type: 'chunk', id, fileName: relative(dist, id), preserveSignature: 'strict' });
          }
        },
        resolveId(id, from) {
          if (from === undefined) return id;
          if (isBuiltin(id) && from !== join(dist, bin))
            return { id: BUILTIN + id, syntheticNamedExports: true };
          if (id === 'yaml') return yaml;
          return from.startsWith(dirname(yaml)) ? null : placeOf(id, from, fileOf);
        },
        resolveDynamicImport: (id, from) => (typeof id === 'string' ? placeOf(id, from, fileOf) : null),
        load: (id) => (heads.has(id) ? 'export {}' : textOf(id)),
        resolveImportMeta(property, { moduleId }) {
          if (moduleId === join(dist, bin)) return null;
          throw new Error(`${moduleId} has import.meta.${property}, but will not be where it was`);
        },
      },
    ],
  });
  await made.write({
    dir: dist,
    format: 'es',
    hoistTransitiveImports: false,
    entryFileNames: '[name].js',
    // Built-in modules go into the first file, which each of the others loads.
    manualChunks: (id) =>
      id.startsWith(BUILTIN) ? Object.keys(files)[0] : (heads.get(id) ?? fileOf.get(id)),
    banner: ({ moduleIds }) => (moduleIds.includes(yaml) ? licenceOf(yaml) : ''),
  });
  await made.close();
  // Maps to what was there before.
  for (const id of fileOf.keys()) rmSync(`${id}.map`, { force: true });
}

/**
 * Which file each module goes into, by the module's absolute path.
 * @param {string} dist
 * @param {Readonly<Record<string, readonly string[]>>} files
 */
async function assign(dist, files) {
  /** @type {Map<string, string>} */
  const fileOf = new Map();
  for (const [name, modules] of Object.entries(files)) {
    const found = await rollup({
      input: modules.map((module) => join(dist, module)),
      external: (id, from, isResolved) =>
        isResolved ? fileOf.has(id) : from !== undefined && !id.startsWith('.'),
      onLog: refuse,
      plugins: [{ name: 'assign', resolveDynamicImport: later, load: textOf }],
    });
    // What asks for its own place stays in it.
    const isPlaced = (id) => readFileSync(id, 'utf8').includes('import.meta');
    for (const id of found.watchFiles) if (id.endsWith('.js') && !isPlaced(id)) fileOf.set(id, name);
    await found.close();
  }
  return fileOf;
}

const later = () => ({ id: 'later', external: true });

/**
 * @param {string} id as it is imported
 * @param {string} from absolute path of the module that imports it
 * @param {ReadonlyMap<string, string>} fileOf
 */
function placeOf(id, from, fileOf) {
  if (!id.startsWith('.')) return { id, external: true };
  const path = join(dirname(from), id);
  return fileOf.has(path) || path.endsWith('.json') ? path : { id: path, external: true };
}

/**
 * @param {string} id
 */
function textOf(id) {
  if (id.endsWith('.json')) {
    const text = JSON.stringify(JSON.parse(readFileSync(id, 'utf8')));
    return `export default JSON.parse(${JSON.stringify(text)})`;
  }
  // An import of node:fs asks it for everything that it exports, and so loads Node's streams, which takes 4 ms.
  if (id.startsWith(BUILTIN))
    return `export default process.getBuiltinModule?.('${id.slice(BUILTIN.length)}')`;
  return undefined;
}

/**
 * Anything that Rollup remarks may mean that the files do something else than the modules did. `this` at the top of a
 * module, which is undefined, is how TypeScript writes `using`.
 * @param {string} level
 * @param {{ code?: string, message: string }} log
 */
function refuse(level, { code, message }) {
  if (level === 'debug' || code === 'THIS_IS_UNDEFINED') return;
  throw new Error(`bundle: ${message}`);
}

/** @param {string} yaml */
function licenceOf(yaml) {
  const folder = dirname(createRequire(yaml).resolve('yaml/package.json'));
  return `/*! yaml\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n*/`;
}

const self = fileURLToPath(import.meta.url);

/** @param {string} root folder of package.json */
export async function bundleGalley(root) {
  // Its build for browsers is the one that has ES modules, which can be left out one by one.
  const yaml = join(createRequire(self).resolve('yaml/package.json'), '../browser/dist/index.js');
  await bundle({ dist: join(root, 'dist'), bin: 'src/cli/bin.js', files: FILES, yaml });
}

if (process.argv[1] === self) await bundleGalley(join(dirname(self), '../..'));
