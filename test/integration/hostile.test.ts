// `node test/integration/hostile.test.ts --figures` prints the table of docs/performance.md.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import tap from 'tap';
import { kitchenFolder } from '../corpus/kitchen-folder.ts';
import { REPO } from '../galley.ts';
import { HOSTILE_KITCHENS } from '../hostile-kitchens.ts';

/** Peak memory of a process, told by itself at its end through descriptor 3. */
const TELL = `process.on('exit', () => process.getBuiltinModule('node:fs').writeSync(3, String(process.resourceUsage().maxRSS)));`;
const MOST_MB = 300;

interface Measured {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
  /** Resident set at its peak. */
  readonly megabytes: number;
}

function list(cwd: string, limits = ''): Promise<Measured> {
  const hook = `data:text/javascript,${encodeURIComponent(TELL)}`;
  const bin = join(REPO, 'dist/src/cli/bin.js');
  const script = `${limits} exec "$0" --import "$1" "$2" list`;
  const started = process.hrtime.bigint();
  const child = spawn('/bin/sh', ['-c', script, process.execPath, hook, bin], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [output, told]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdio[3]?.on('data', (chunk: Buffer) => told.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({
        code,
        output: Buffer.concat(output).toString(),
        seconds: Number(process.hrtime.bigint() - started) / 1e9,
        megabytes: Number(Buffer.concat(told).toString()) / 1024,
      }),
    );
  });
}

const figures: string[] = ['| kitchen file | ends in | peak memory |', '|---|---|---|'];

for (const { what, files, says, exitCode } of HOSTILE_KITCHENS) {
  await tap.test(`${what}: a message or a list, in bounded memory`, async (t) => {
    const { code, output, seconds, megabytes } = await list(await kitchenFolder(t, files));
    figures.push(`| ${what} | ${seconds.toFixed(2)} s | ${megabytes.toFixed(0)} MB |`);
    t.match(output, says);
    t.equal(code, exitCode);
    t.notMatch(output, /this is a bug/);
    t.ok(megabytes > 0 && megabytes < MOST_MB, `${megabytes.toFixed(0)} MB`);
  });
}

if (process.argv.includes('--figures')) process.stderr.write(`${figures.join('\n')}\n`);
