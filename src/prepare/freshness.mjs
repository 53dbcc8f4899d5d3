import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folders and files whose change makes a new `dist` necessary. */
const SOURCES = ['src', 'drivers', 'verifiers', 'package.json', 'tsconfig.json'];

/**
 * Whether `npm ci` is needed: node_modules is missing, half installed, or from another lock file.
 * @param {string} root folder of package.json
 */
export function needsInstall(root) {
  const marker = join(root, 'node_modules/.galley-lock');
  if (existsSync(marker)) return readFileSync(marker, 'utf8') !== lockHash(root);
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return true;
  return statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** @param {string} root */
export function markInstalled(root) {
  writeFileSync(join(root, 'node_modules/.galley-lock'), lockHash(root));
}

/** @param {string} root */
function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * Whether `dist` is missing or was built from other sources (by path, size and time of change).
 * @param {string} root
 */
export function needsBuild(root) {
  const marker = join(root, 'dist/.built');
  return !existsSync(marker) || readFileSync(marker, 'utf8') !== sourceState(root);
}

/** @param {string} root */
export function markBuilt(root, state = sourceState(root)) {
  const marker = join(root, 'dist/.built');
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, state);
}

/**
 * A hash over path, size and time of change of every source that is compiled.
 * @param {string} root
 */
export function sourceState(root) {
  const hash = createHash('sha256');
  const add = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (!stat.isDirectory()) {
      hash.update(`${path.slice(root.length)} ${stat.size} ${stat.mtimeMs}\n`);
      return;
    }
    for (const entry of readdirSync(path, { withFileTypes: true }).toSorted((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (entry.isDirectory()) add(join(path, entry.name));
      else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts')) add(join(path, entry.name));
    }
  };
  for (const name of SOURCES) add(join(root, name));
  return hash.digest('hex');
}
