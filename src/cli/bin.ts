#!/usr/bin/env node
// Runs on any Node ≥ 20, so only built-ins here: a too old Node is handed over to the one that npm brought, or told.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = [22, 22] as const;

function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** `node_modules/node/bin/node` of this package or of one above it. */
function findBundledNode(): string | undefined {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (dir !== dirname(dir)) {
    const candidate = join(dir, 'node_modules', 'node', 'bin', 'node');
    if (existsSync(candidate)) return candidate;
    dir = dirname(dir);
  }
  return undefined;
}

if (isRecentEnough(process.versions.node)) {
  module.enableCompileCache?.();
  const { main } = await import('./main.ts');
  const code = await main(process.argv.slice(2));
  // Nothing is left to do; a library's idle socket must not keep the user waiting. The empty write drains the pipe.
  process.stdout.write('', () => process.exit(code));
} else {
  const node = findBundledNode();
  if (node) {
    const child = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    process.exitCode = child.status ?? 1;
  } else {
    process.stderr.write(
      `galley needs Node ${NEEDED.join('.')} or newer, this is ${process.versions.node}: npm install --global node@24\n`,
    );
    process.exitCode = 3;
  }
}
