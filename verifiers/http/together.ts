import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { quote } from '../../src/core/shell-words.ts';
import type { CommandResult, Connection, ExecuteOptions } from '../../src/core/transport.ts';

type Execute = Connection['execute'];

interface Waiting {
  readonly argv: readonly string[];
  readonly options: ExecuteOptions;
  readonly resolve: (result: CommandResult) => void;
  readonly reject: (error: unknown) => void;
}

/** How long the first command waits for those that are asked for at nearly the same time. */
const GATHER_MS = 20;

/**
 * An `execute` for connections on which each command costs a second: those that are asked for together become one command
 * there, which runs `concurrency` of them at a time. Of the options it knows `stdin`, `signal` and `timeoutMs`.
 */
export function together(execute: Execute, concurrency: number): Execute {
  let waiting: Waiting[] = [];
  return (argv, options = {}) =>
    new Promise((resolve, reject) => {
      waiting.push({ argv, options, resolve, reject });
      if (waiting.length > 1) return;
      setTimeout(() => {
        const all = waiting;
        waiting = [];
        void runAll(execute, all, concurrency);
      }, GATHER_MS);
    });
}

/** Settles all of them. */
async function runAll(execute: Execute, all: readonly Waiting[], concurrency: number): Promise<void> {
  try {
    const turns = Math.ceil(all.length / concurrency);
    const longest = Math.max(...all.map(({ options }) => options.timeoutMs ?? 0));
    const signals = all.flatMap(({ options }) => options.signal ?? []);
    const mark = randomBytes(6).toString('hex');
    const done = await execute(['/bin/sh', '-c', RUN, 'galley-probe'], {
      stdin: await promisify(gzip)(programOf(all, concurrency, mark)),
      ...(longest > 0 && { timeoutMs: longest * turns + 30_000 }),
      ...(signals.length > 0 && { signal: AbortSignal.any([...new Set(signals)]) }),
    });
    if (done.exitCode !== 0) throw new Error(`exit code ${done.exitCode}: ${done.stderr.trim()}`);
    const results = parse(await promisify(gunzip)(Buffer.from(done.stdout, 'base64')), mark);
    all.forEach(({ resolve, reject }, n) => {
      const one = results.get(n);
      if (one) resolve({ ...one, durationMs: done.durationMs, via: done.via });
      else reject(new Error('a command of several was lost'));
    });
  } catch (error) {
    for (const { reject } of all) reject(error);
  }
}

const RUN = `d=$(mktemp -d) || exit 1; trap 'rm -rf "$d"' EXIT; cd "$d" || exit 1
gzip -dc > program || exit 1
( . ./program ) </dev/null | gzip -c | base64`;

/** Shell text that runs the commands, some at a time, and prints `MARK number exit-code bytes bytes` and the two outputs of each. */
function programOf(all: readonly Waiting[], concurrency: number, mark: string): string {
  const lanes = Array.from({ length: Math.min(concurrency, all.length) }, (_, lane) =>
    all.flatMap(({ argv, options }, n) => (n % concurrency === lane ? [lineOf(n, argv, options)] : [])),
  );
  const size = (name: string) => `$(wc -c < "$n.${name}" | tr -d ' ')`;
  return [
    `show() { n=$1; echo "${mark} $n $(cat "$n.code") ${size('out')} ${size('err')}"; cat "$n.out" "$n.err"; echo; }`,
    ...lanes.map((lines) => `(\n${lines.join('\n')}\n) &`),
    'wait',
    `n=0; while [ $n -lt ${all.length} ]; do show $n; n=$((n + 1)); done`,
  ].join('\n');
}

function lineOf(n: number, argv: readonly string[], { stdin = '' }: ExecuteOptions): string {
  const input = Buffer.from(stdin).toString('base64');
  return `printf %s ${input} | base64 -d | ${argv.map(quote).join(' ')} > ${n}.out 2> ${n}.err; echo $? > ${n}.code`;
}

type Shown = Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr'>;

function parse(bytes: Buffer, mark: string): ReadonlyMap<number, Shown> {
  const found = new Map<number, Shown>();
  for (let at = bytes.indexOf(mark); at >= 0; ) {
    const end = bytes.indexOf('\n', at);
    const [n = 0, exitCode = 0, out = 0, err = 0] = bytes
      .toString('utf8', at, end)
      .split(' ')
      .slice(1)
      .map(Number);
    const from = end + 1;
    const stdout = bytes.toString('utf8', from, from + out);
    found.set(n, { exitCode, stdout, stderr: bytes.toString('utf8', from + out, from + out + err) });
    at = bytes.indexOf(mark, from + out + err);
  }
  return found;
}
