// Times what the tab key waits for: the names of 200 instances, remembered and read anew, beside the peer's bare list,
// which is what completions for it call. See docs/performance.md. Never asserts a time.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machineFacts } from '../machine.ts';
import { type CommandLine, runCommandOrThrow } from '../run-command.ts';
import { medianOrThrow, pairwiseRatio } from '../statistics.ts';
import { installedPeer, peerFolder } from '../tools/peer.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const [SUITES, PLATFORMS] = [10, 20];
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const count = <T>(times: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: times }, (_, i) => make(i));
const KITCHEN = `driver: {name: dokken}
provisioner: {name: dokken}
platforms:
${count(PLATFORMS, (i) => `  - {name: platform-${i}, driver: {image: "example/platform:${i}"}}`).join('\n')}
suites:
${count(SUITES, (i) => `  - {name: suite-${i}, run_list: ["recipe[web::r${i}]"], attributes: {web: {port: ${8000 + i}}}}`).join('\n')}
`;

async function bench(rounds: number): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'galley-bench-names-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const cwd = join(folder, 'kitchen');
  await mkdir(cwd);
  await writeFile(join(cwd, 'kitchen.yml'), KITCHEN);
  const env = { ...process.env, HOME: folder };
  const galley: CommandLine = {
    file: process.execPath,
    args: [join(REPOSITORY, 'dist/src/cli/bin.js'), '__names'],
    cwd,
    env,
  };
  const gems = peerFolder(process.env);
  const title = installedPeer(gems);
  const kitchen: CommandLine = {
    file: join(gems, 'bin', 'kitchen'),
    args: ['list', '-b'],
    cwd,
    env: { ...env, GEM_HOME: gems, GEM_PATH: gems },
  };
  print(`- ${title ?? 'the peer is not installed: bash bench/install-peer.sh'}`);
  for (const line of machineFacts()) print(`- ${line}`);
  const { signal } = new AbortController();
  const [anew, remembered, peer]: number[][] = [[], [], []];
  for (let round = 0; round <= rounds; round += 1) {
    await rm(join(cwd, '.galley'), { recursive: true, force: true });
    const first = await timed(galley, signal);
    const second = await timed(galley, signal);
    const third = title === undefined ? undefined : await timed(kitchen, signal);
    // The first round fills caches: the system's, and Node's of compiled code.
    if (round === 0) continue;
    anew?.push(first);
    remembered?.push(second);
    if (third !== undefined) peer?.push(third);
  }
  show('names that are remembered', remembered ?? [], peer ?? []);
  show('names read from the files', anew ?? [], peer ?? []);
  if (peer?.length) print(`- kitchen list -b: ${milliseconds(peer)}`);
}

async function timed(command: CommandLine, signal: AbortSignal): Promise<number> {
  const { seconds, output } = await runCommandOrThrow(command, signal);
  const names = output.trim().split('\n');
  if (names.length !== SUITES * PLATFORMS) throw new Error(`${names.length} names: ${output.slice(0, 300)}`);
  return seconds;
}

function show(what: string, ours: readonly number[], peers: readonly number[]): void {
  const ratio = pairwiseRatio(peers, ours);
  print(
    `- ${what}: ${milliseconds(ours)}${ratio === undefined ? '' : `, ${ratio.toFixed(1)} times as fast`}`,
  );
}

function milliseconds(seconds: readonly number[]): string {
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
  const show = (one: number): string => (one * 1000).toFixed(0);
  return `${show(medianOrThrow(seconds))} ms (${show(least)}–${show(most)})`;
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });
try {
  await bench(Number(values.rounds));
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
