// Times Galley and, if it is installed, the peer (Test Kitchen with kitchen-dokken) on the same work; see
// docs/performance.md. Never asserts a time: it fails only when one of them did not do its work.
import { writeFile } from 'node:fs/promises';
import { cases } from './cases/index.ts';
import { describeMachine } from './machine.ts';
import { type BenchOptions, parseOptions, USAGE } from './options.ts';
import { runRounds } from './rounds.ts';
import { setUp } from './setup.ts';
import { markdownTable } from './table.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

async function bench(options: BenchOptions, signal: AbortSignal): Promise<void> {
  await using setup = await setUp(options, signal, progress);
  const machine = describeMachine(setup.engine);
  const { cases: chosen, rounds } = options;
  const timings = await runRounds({ cases: chosen, rounds, roomsFor: setup.roomsFor, log: progress });
  const header = [...Object.values(setup.titles), ...setup.notes, ...machine, `rounds: ${rounds}`];
  for (const line of header) print(`- ${line}`);
  print('');
  print(markdownTable(timings));
  if (options.json === undefined) return;
  const data = {
    tools: setup.titles,
    notes: setup.notes,
    machine,
    at: new Date().toISOString(),
    cases: timings.map(({ case: one, seconds }) => ({ name: one.name, target: one.target, seconds })),
  };
  await writeFile(options.json, `${JSON.stringify(data, null, 2)}\n`);
}

async function main(): Promise<number> {
  const abort = new AbortController();
  let interrupted: 130 | 143 | undefined;
  const interrupt = (code: 130 | 143) => () => {
    interrupted ??= code;
    progress('interrupted: removing what the bench made');
    abort.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt(130));
  process.on('SIGTERM', interrupt(143));
  try {
    const options = parseOptions(process.argv.slice(2), cases);
    if (options) await bench(options, abort.signal);
    else print(USAGE);
    return 0;
  } catch (error) {
    progress(`bench: ${error instanceof Error ? error.message : String(error)}`);
    return interrupted ?? 1;
  }
}

process.exitCode = await main();
