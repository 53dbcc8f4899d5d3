import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIRE = /\brequire\((['"])(\.[^'"]+)\1\)/g;

/**
 * A CommonJS package as one file: reading 72 small files takes longer than a `galley list` needs for all else. Knows only
 * what such packages consist of, `require` of a relative path in quotes; other paths are left to Node.
 * @param {string} entry absolute path of the package's main file
 * @param {string} licence put on top, as licences want it
 */
export function singleFile(entry, licence) {
  const root = dirname(entry);
  /** @type {Map<string, string>} */
  const modules = new Map();
  /** @param {string} file */
  const add = (file) => {
    const key = relative(root, file);
    if (modules.has(key)) return key;
    modules.set(key, '');
    const code = readFileSync(file, 'utf8').replaceAll(
      REQUIRE,
      (_, _quote, path) => `load(${JSON.stringify(add(join(dirname(file), path)))})`,
    );
    modules.set(key, code);
    return key;
  };
  const first = add(entry);
  const bodies = [...modules].map(
    ([key, code]) => `${JSON.stringify(key)}(module, exports) {\n${code}\n},\n`,
  );
  return `/*\n${licence.trim()}\n*/
const modules = {
${bodies.join('')}};
const made = {};
function load(key) {
  if (made[key]) return made[key].exports;
  const module = (made[key] = { exports: {} });
  modules[key](module, module.exports);
  return module.exports;
}
module.exports = load(${JSON.stringify(first)});
`;
}

/**
 * Puts the YAML library into dist/vendor/yaml.cjs. Nothing depends on it: without it the installed one is loaded.
 * @param {string} root folder of package.json
 */
export function writeSingleFile(root) {
  const folder = dirname(createRequire(join(root, 'package.json')).resolve('yaml/package.json'));
  const licence = readFileSync(join(folder, 'LICENSE'), 'utf8');
  mkdirSync(join(root, 'dist/vendor'), { recursive: true });
  writeFileSync(join(root, 'dist/vendor/yaml.cjs'), singleFile(join(folder, 'dist/index.js'), licence));
}

const self = fileURLToPath(import.meta.url);
if (process.argv[1] === self) writeSingleFile(join(dirname(self), '../..'));
