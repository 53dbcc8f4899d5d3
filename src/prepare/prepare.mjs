#!/usr/bin/env node
// Runs before anything is installed: Node 20 and its built-in modules only.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './browser.mjs';
import { ensureEngine } from './engine.mjs';
import { markBuilt, markInstalled, needsBuild, needsInstall, sourceState } from './freshness.mjs';

const USAGE = `usage: node src/prepare/prepare.mjs [--deps] [--build] [--tap] [--engine] [--browser]
  --deps    npm ci, when node_modules does not fit package-lock.json
  --build   compile to dist, when the sources changed
  --tap     set up the test runner, once per checkout
  --engine  make sure that a Docker engine answers; as root on Debian or Ubuntu, install and start one
  --browser make sure that there is a Chromium for the tests of the HTML report; installed likewise
Without options: --deps --build --engine. Exit code 3: something is left for you to do, the last line says what.`;

/** Exit code of "the user has to do something first": infrastructure, as in Galley itself. */
const BLOCKED = 3;

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const say = (line) => process.stderr.write(`prepare: ${line}\n`);

function run(title, command, args) {
  say(title);
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) {
    say(`${title}: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return;
  }
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  say(`${title}: failed (${error?.message ?? `exit code ${status}`})`);
  process.exit(BLOCKED);
}

/** npm that started this script, else the one on PATH. */
function npm(...args) {
  const path = process.env.npm_execpath;
  return path && /\.c?js$/.test(path) ? [process.execPath, [path, ...args]] : ['npm', args];
}

const bin = (name) => join(root, 'node_modules/.bin', name);

function deps() {
  if (!needsInstall(root)) return;
  run('installing npm packages', ...npm('ci', '--no-audit', '--no-fund'));
  markInstalled(root);
}

function build() {
  if (!needsBuild(root)) return;
  const state = sourceState(root);
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run('compiling', bin('node'), [bin('tsc'), '-p', 'tsconfig.json']);
  run('putting together what a list loads', bin('node'), ['src/prepare/bundle.mjs']);
  markBuilt(root, state);
}

function tap() {
  // The second path is made by `tap build` and lost with node_modules.
  const made = ['.tap/plugins/package.json', 'node_modules/@tapjs/test/test-built/node_modules'];
  if (made.every((path) => existsSync(join(root, path)))) return;
  run('setting up the test runner', bin('node'), [bin('tap'), 'build']);
}

const flags = new Set(process.argv.slice(2));
const known = ['--deps', '--build', '--tap', '--engine', '--browser'];
if ([...flags].some((flag) => !known.includes(flag))) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(flags.has('--help') ? 0 : 2);
}
const all = flags.size === 0;
if (all || flags.has('--deps')) deps();
if (all || flags.has('--build')) build();
if (flags.has('--tap')) tap();
if ((all || flags.has('--engine')) && !(await ensureEngine(process.env, say))) process.exit(BLOCKED);
if (flags.has('--browser') && !ensureBrowser(process.env, say)) process.exit(BLOCKED);
