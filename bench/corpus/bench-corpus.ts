// Times `galley list` beside the peer's `kitchen list` on each folder of a corpus of kitchen files, a process for each
// config as users run it, the two taking turns. See docs/performance.md. Never asserts a time.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machineFacts } from '../machine.ts';
import { runCommandOrThrow } from '../run-command.ts';
import { medianOrThrow, pairwiseRatio } from '../statistics.ts';
import { installedPeer, peerFolder } from '../tools/peer.ts';
import { type CorpusCase, openCase } from './corpus-case.ts';

const USAGE = `npm run bench:corpus -- [FOLDER] [--rounds N] [--json FILE]
  FOLDER       a folder of folders with kitchen files (fixtures/configs)
  --rounds N   how often each list is timed (3)
  --json FILE  also write every single time to FILE`;
const REPOSITORY = resolve(import.meta.dirname, '../..');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Times {
  readonly name: string;
  readonly instances: number;
  readonly galley: number[];
  readonly peer: number[];
}

async function bench(corpus: string, rounds: number, signal: AbortSignal): Promise<readonly Times[]> {
  await using stack = new AsyncDisposableStack();
  const gems = peerFolder(process.env);
  const title = installedPeer(gems);
  const plugins = await mkdtemp(join(tmpdir(), 'galley-bench-plugins-'));
  stack.defer(() => rm(plugins, { recursive: true, force: true }));
  const peer = title === undefined ? undefined : { gems, plugins };
  const entries = await readdir(corpus, { withFileTypes: true });
  const cases: CorpusCase[] = [];
  for (const entry of entries.filter((one) => one.isDirectory())) {
    cases.push(stack.use(await openCase(join(corpus, entry.name), REPOSITORY, peer, signal)));
  }
  const timed = cases.filter((one) => one.galleyProblem === undefined && one.peerProblem === undefined);
  report(cases, timed, title);
  const times: readonly Times[] = timed.map(({ name, instances }) => ({
    name,
    instances,
    galley: [],
    peer: [],
  }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [at, one] of timed.entries()) {
      times[at]?.galley.push((await runCommandOrThrow(one.galley, signal)).seconds);
      if (one.peer) times[at]?.peer.push((await runCommandOrThrow(one.peer, signal)).seconds);
    }
    process.stderr.write(`round ${round} of ${rounds}\n`);
  }
  return times;
}

function report(cases: readonly CorpusCase[], timed: readonly CorpusCase[], title: string | undefined): void {
  print(`- ${title ?? 'the peer is not installed: bash bench/install-peer.sh'}`);
  for (const line of machineFacts()) print(`- ${line}`);
  const instances = timed.reduce((sum, one) => sum + one.instances, 0);
  print(`- ${cases.length} configs, ${timed.length} timed, ${instances} instances`);
  for (const one of cases) {
    if (one.peerProblem !== undefined) print(`- ${one.name}: the peer ${one.peerProblem}`);
    if (one.galleyProblem !== undefined) print(`- ${one.name}: Galley ${one.galleyProblem}`);
  }
}

/** Sums over all configs, round by round: what listing the whole corpus takes. */
function sums(times: readonly Times[], tool: 'galley' | 'peer'): readonly number[] {
  const rounds = times[0]?.[tool].length ?? 0;
  return Array.from({ length: rounds }, (_, round) =>
    times.reduce((sum, one) => sum + (one[tool][round] ?? 0), 0),
  );
}

function summarise(times: readonly Times[]): void {
  const [galley, peer] = [sums(times, 'galley'), sums(times, 'peer')];
  if (galley.length === 0) return;
  print(`- Galley: ${medianOrThrow(galley).toFixed(2)} s for all, ${perList(galley, times)} a list`);
  const ratio = pairwiseRatio(peer, galley);
  if (ratio === undefined) return;
  print(`- peer: ${medianOrThrow(peer).toFixed(2)} s for all, ${perList(peer, times)} a list`);
  const each = times.map((one) => pairwiseRatio(one.peer, one.galley) ?? 0).toSorted((a, b) => a - b);
  print(
    `- Galley is ${ratio.toFixed(1)} times as fast (single configs ${each[0]?.toFixed(1)} to ${each.at(-1)?.toFixed(1)})`,
  );
}

function perList(values: readonly number[], times: readonly Times[]): string {
  return `${((medianOrThrow(values) / times.length) * 1000).toFixed(0)} ms`;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (values.help || positionals.length > 1 || !Number.isInteger(rounds) || rounds < 1) {
    print(USAGE);
    return values.help ? 0 : 2;
  }
  const corpus = resolve(
    process.env['INIT_CWD'] ?? '.',
    positionals[0] ?? join(REPOSITORY, 'fixtures/configs'),
  );
  const abort = new AbortController();
  const stop = (): void => abort.abort(new Error('interrupted'));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const times = await bench(corpus, rounds, abort.signal);
  summarise(times);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(times, null, 1)}\n`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
