import { existsSync } from 'node:fs';
import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import { GalleyError } from '../core/errors.ts';
import { formatDuration } from '../reporters/format/duration.ts';
import { table } from '../reporters/format/text.ts';
import type { History } from '../reporters/history/history.ts';
import { flakyChecks, slowerPhases } from '../reporters/history/judge.ts';
import { type Comparison, compareRuns } from '../reporters/model/compare.ts';
import type { RunSnapshot } from '../reporters/model/snapshot.ts';
import type { Host } from './host.ts';
import { withHistory } from './with-history.ts';

/** How far back unsteadiness is looked for. */
const RUNS = 50;

/** `report --flaky` */
export function showFlaky(file: string, json: boolean, host: Host): number {
  const found = flakyChecks(asked(file, host, (history) => history.checks(RUNS)));
  if (json) return printJson(found, host);
  const rows = found.map((one) => [
    one.instance,
    one.title,
    one.signs.slice(-20),
    `${one.flakyPasses} flaky, ${one.flips} flips in ${one.runs} runs`,
  ]);
  print(rows.length > 0 ? table([['Instance', 'Check', 'Runs', ''], ...rows]) : ['no check is flaky'], host);
  return 0;
}

/** `report --slower` */
export function showSlower(file: string, json: boolean, host: Host): number {
  const found = slowerPhases(asked(file, host, (history) => history.phases(RUNS)));
  if (json) return printJson(found, host);
  const rows = found.map((one) => [
    one.instance,
    one.phase,
    formatDuration(one.usualMs),
    formatDuration(one.lastMs),
    `${(one.lastMs / one.usualMs).toFixed(1)} times, ${one.runs} runs`,
  ]);
  const head = ['Instance', 'Phase', 'Usual', 'Last', ''];
  print(rows.length > 0 ? table([head, ...rows], new Set([2, 3])) : ['no phase is slower than usual'], host);
  return 0;
}

/** `report --compare [RUN] [RUN]` */
export function showComparison(names: readonly string[], file: string, json: boolean, host: Host): number {
  if (names.length > 2) {
    throw new GalleyError({
      code: 'usage.compare',
      kind: 'usage',
      message: '--compare takes at most two runs',
      got: names.join(' '),
      hint: 'galley report --compare BEFORE AFTER',
    });
  }
  const { before, after } = asked(file, host, (history) => chosen(history, names));
  const comparison = compareRuns(before, after);
  if (json) return printJson({ run: after.runId, ...comparison }, host);
  print(comparisonLines(comparison, before, after, pc.createColors(host.stdout.color)), host);
  return 0;
}

function asked<T>(file: string, host: Host, use: (history: History) => T): T {
  if (!existsSync(file)) {
    throw new GalleyError({
      code: 'usage.no_history',
      kind: 'usage',
      message: 'there is no history of runs yet',
      hint: 'every galley run in this folder adds to it',
    });
  }
  let thrown: unknown;
  const warn = (message: string): void => host.stderr.write(`! ${message}\n`);
  const found = withHistory(file, warn, (history) => {
    try {
      return { value: use(history) };
    } catch (error) {
      thrown = error;
      return undefined;
    }
  });
  if (found) return found.value;
  throw (
    thrown ??
    new GalleyError({
      code: 'report.no_history',
      kind: 'infrastructure',
      message: `the history of runs (${file}) cannot be read`,
      hint: 'move it away to begin a new one',
    })
  );
}

/** Which two runs are meant; a name may be the beginning of an id. */
function chosen(
  history: History,
  names: readonly string[],
): { readonly before: RunSnapshot; readonly after: RunSnapshot } {
  const runs = history.runs();
  const [first, second] = names.map((name) => runNamed(history, runs, name));
  const last = runs.find((one) => one.command !== 'destroy');
  const after = second ?? (last && history.run(last.runId));
  const before = first ?? (after && history.previousOf(after));
  if (before && after) return { before, after };
  throw new GalleyError({
    code: 'usage.compare',
    kind: 'usage',
    message: 'there are no two runs of the same command to compare',
    hint: 'name two: galley report --compare BEFORE AFTER; galley logs --list shows them',
  });
}

function runNamed(
  history: History,
  runs: ReturnType<History['runs']>,
  name: string,
): RunSnapshot | undefined {
  const run = runs.find((one) => one.runId.startsWith(name));
  if (run) return history.run(run.runId);
  const newest = runs.slice(0, 5).map((one) => one.runId);
  throw new GalleyError({
    code: 'usage.no_such_run',
    kind: 'usage',
    message: `there is no run '${name}' in the history`,
    got: name,
    hint: `the newest are ${newest.join(', ')}`,
  });
}

function comparisonLines(
  comparison: Comparison,
  before: RunSnapshot,
  after: RunSnapshot,
  colors: Colors,
): readonly string[] {
  const { broken, fixed, added, gone, slower } = comparison;
  const rows = [
    ...broken.map((c) => ['broken', c.instance, c.what, `${c.before} → ${c.after}`]),
    ...fixed.map((c) => ['fixed', c.instance, c.what, `${c.before} → ${c.after}`]),
    ...added.map((c) => ['new', c.instance, c.what, c.after]),
    ...gone.map((c) => ['gone', c.instance, c.what, `was ${c.before}`]),
    ...slower.map((s) => [
      'slower',
      s.instance,
      s.phase,
      `${formatDuration(s.beforeMs)} → ${formatDuration(s.afterMs)}`,
    ]),
  ];
  const paint = (line: string): string => {
    if (line.startsWith('broken')) return colors.red(line);
    return line.startsWith('fixed') ? colors.green(line) : line;
  };
  const head = `${before.runId} → ${after.runId}  (${after.command}, ${formatDuration(before.durationMs)} → ${formatDuration(after.durationMs)})`;
  return [colors.dim(head), ...(rows.length > 0 ? table(rows).map(paint) : ['nothing changed'])];
}

function print(lines: readonly string[], host: Host): void {
  for (const line of lines) host.stdout.write(`${line}\n`);
}

function printJson(value: unknown, host: Host): number {
  host.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  return 0;
}
