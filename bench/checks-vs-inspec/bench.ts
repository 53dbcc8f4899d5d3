// Thirty equivalent checks with Galley, real InSpec and a shell script, on one instance, in one run; see
// docs/performance.md. All three must pass, and then name the same five faults, before anything is timed.
import { parseArgs } from 'node:util';
import { type Machine, openMachine } from '../beside/machine.ts';
import type { Side, SideRun } from '../beside/row.ts';
import { sidesOf } from '../beside/sides.ts';
import { describeMachine } from '../machine.ts';
import { tail } from '../run-command.ts';
import { medianOrThrow, pairwiseRatio } from '../statistics.ts';
import { BREAKS, CONVERGE, PACKAGES } from './machine.ts';
import { THIRTY_CHECKS } from './thirty-checks.ts';

const USAGE = `npm run bench:checks -- [--rounds N]
  --rounds N   how often each is timed (5)`;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

/** Throws unless exactly these failed and all others passed. */
function expectFailures(side: Side, run: SideRun, wanted: readonly string[]): void {
  const passed = THIRTY_CHECKS.map((row) => row.id).filter((id) => !wanted.includes(id));
  const isRight = (found: ReadonlySet<string>, ids: readonly string[]): boolean =>
    found.size === ids.length && ids.every((id) => found.has(id));
  if (isRight(run.failed, wanted) && isRight(run.passed, passed)) return;
  const failed = [...run.failed].join(', ') || 'nothing';
  const missing = passed.filter((id) => !run.passed.has(id)).join(', ') || 'nothing';
  throw new Error(
    `${side.title}: failed: ${failed}; not passed: ${missing}; wanted failures: ${wanted.join(', ')}\n${tail(run.output, 60)}`,
  );
}

async function prove(machine: Machine, sides: readonly Side[]): Promise<void> {
  for (const side of sides) expectFailures(side, await side.run(), []);
  await machine.sh(Object.values(BREAKS).join('\n'));
  for (const side of sides) {
    const run = await side.run();
    expectFailures(side, run, Object.keys(BREAKS));
    progress(`${side.name}: 30 of 30 pass, then these fail: ${Object.keys(BREAKS).join(', ')}`);
  }
  await machine.sh(`${CONVERGE}\nusermod -s /usr/sbin/nologin app\nsystemctl restart app\nsleep 1`);
}

type Times = ReadonlyMap<Side, SideRun[]>;

async function time(sides: readonly Side[], rounds: number): Promise<Times> {
  const times: Times = new Map(sides.map((side) => [side, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of sides) {
      const run = await side.run();
      expectFailures(side, run, []);
      times.get(side)?.push(run);
      progress(`round ${round}  ${side.name.padEnd(7)} ${run.seconds.toFixed(2)} s`);
    }
  }
  return times;
}

function report(times: Times): void {
  const [first] = times.values();
  const galley = first?.map((run) => run.seconds) ?? [];
  print('| tool | whole process, s | times Galley’s | looking alone, s |');
  print('|---|---|---|---|');
  for (const [side, runs] of times) {
    const seconds = runs.map((run) => run.seconds);
    const looking = runs.flatMap((run) => run.lookingSeconds ?? []);
    const ratio = side.name === 'galley' ? undefined : pairwiseRatio(seconds, galley);
    print(`| ${side.title} | ${spread(seconds)} | ${ratio?.toFixed(1) ?? ''} | ${spread(looking)} |`);
  }
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return '';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${medianOrThrow(values).toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (values.help || !Number.isInteger(rounds) || rounds < 1) {
    print(USAGE);
    return values.help ? 0 : 2;
  }
  const abort = new AbortController();
  const stop = (): void => abort.abort(new Error('interrupted'));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const { signal } = abort;
  progress('making the instance');
  await using machine = await openMachine({
    name: 'thirty',
    rows: THIRTY_CHECKS,
    packages: PACKAGES,
    converge: CONVERGE,
    signal,
  });
  const sides = await sidesOf(machine, THIRTY_CHECKS, signal);
  await prove(machine, sides);
  const facts = describeMachine(machine.engine);
  const times = await time(sides, rounds);
  for (const line of [...facts, `rounds: ${rounds}, taking turns`]) print(`- ${line}`);
  print('');
  report(times);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  progress(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
