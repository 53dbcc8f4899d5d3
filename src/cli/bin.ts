#!/usr/bin/env node
// Runs on any Node ≥ 20, so only built-ins here: a too old Node is handed over to the one that npm brought, or told.
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = [22, 22] as const;

function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** `node_modules/node/bin/node` of this package or of one above it. */
async function findBundledNode(): Promise<string | undefined> {
  // Not above: to load it takes a tenth of the time of a list.
  const { existsSync } = await import('node:fs');
  let dir = dirname(fileURLToPath(import.meta.url));
  while (dir !== dirname(dir)) {
    const candidate = join(dir, 'node_modules', 'node', 'bin', 'node');
    if (existsSync(candidate)) return candidate;
    dir = dirname(dir);
  }
  return undefined;
}

/** Runs the same command line on another Node; signals go to it, and how it ends is how this process ends. */
async function handOver(node: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function runMain(): Promise<void> {
  const { main } = await import('./main.ts');
  const code = await main(process.argv.slice(2));
  // Nothing is left to do; a library's idle socket must not keep the user waiting.
  process.exit(code);
}

/** The tab key is waiting: what is remembered is printed before anything is loaded, by any Node since 20.16. */
async function printRemembered(): Promise<boolean> {
  if (!('getBuiltinModule' in process)) return false;
  const { printRememberedNames } = await import('./print-names.ts');
  return printRememberedNames(process.cwd(), process.env);
}

async function printRead(): Promise<void> {
  const { printNames } = await import('./print-names.ts');
  await printNames(process.cwd(), process.env);
}

const isForTabKey = process.argv[2] === '__names';
if (isForTabKey && (await printRemembered())) {
  // Done.
} else if (isRecentEnough(process.versions.node)) {
  module.enableCompileCache?.();
  await (isForTabKey ? printRead() : runMain());
} else {
  const node = await findBundledNode();
  if (node) {
    await handOver(node);
  } else {
    process.stderr.write(
      `galley needs Node ${NEEDED.join('.')} or newer, this is ${process.versions.node}: npm install --global node@24\n`,
    );
    process.exitCode = 3;
  }
}
