import type { BenchCase } from './case.ts';
import { medianOrThrow, pairwiseRatio } from './statistics.ts';
import type { ToolName } from './tools/tool.ts';

/** Seconds of one case, in the order of the rounds. */
export interface Timing {
  readonly case: BenchCase;
  readonly seconds: Readonly<Record<ToolName, readonly number[]>>;
}

/** A Markdown table: median (min–max) in seconds, and Galley's share of the peer's time beside the target. */
export function markdownTable(timings: readonly Timing[]): string {
  const rows = timings.map(({ case: one, seconds }) => {
    const ratio = pairwiseRatio(seconds.galley, seconds.peer);
    return [
      one.title,
      spread(seconds.galley),
      spread(seconds.peer),
      ratio === undefined
        ? ''
        : `${ratio.toFixed(2)}${one.target === undefined ? '' : mark(ratio, one.target)}`,
      one.target === undefined ? '' : `≤ ${one.target}`,
    ];
  });
  const all = [['step', 'Galley, s', 'peer, s', 'ratio', 'target'], ...rows];
  const widths = all[0]?.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(all[0] ?? []), rule, ...rows.map(line)].join('\n');
}

const text = (value: number): string => value.toFixed(2);

function spread(values: readonly number[]): string {
  if (values.length === 0) return '';
  if (values.length === 1) return text(medianOrThrow(values));
  return `${text(medianOrThrow(values))} (${text(Math.min(...values))}–${text(Math.max(...values))})`;
}

function mark(ratio: number, target: number): string {
  return ratio <= target ? ' ✓' : ' ✗';
}
