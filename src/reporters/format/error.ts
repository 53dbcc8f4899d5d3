import type { Colors } from 'picocolors/types.js';
import type { ErrorRecord, SourceLocation } from '../../core/errors.ts';
import { printable } from './text.ts';

export function formatLocation(location: SourceLocation): string {
  const { file, line, column } = location;
  if (line === undefined) return file;
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}

/**
 * What happened, where, what was expected, what was there, the evidence, the next step; a line each, without
 * indent. The stack only with `debug`.
 */
export function formatError(error: ErrorRecord, colors: Colors, debug: boolean): string[] {
  const lines = printableLines(error.message).map((line, i) =>
    i === 0 ? colors.red(colors.bold(line)) : line,
  );
  if (error.location) lines.push(`  at        ${colors.cyan(formatLocation(error.location))}`);
  if (error.expected !== undefined) lines.push(...labelled('expected', error.expected));
  if (error.got !== undefined) lines.push(...labelled('got', error.got));
  for (const detail of error.details ?? [])
    lines.push(...printableLines(detail).map((l) => `  ${colors.dim('│')} ${l}`));
  if (error.hint !== undefined) lines.push(...labelled('try', error.hint).map((l) => colors.yellow(l)));
  if (debug && error.stack !== undefined)
    lines.push(...printableLines(error.stack).map((l) => colors.dim(l)));
  return lines;
}

/** `  label     first line` and the further lines below it. */
export function labelled(label: string, text: string): string[] {
  return printableLines(text).map((line, i) => `  ${(i === 0 ? label : '').padEnd(9)} ${line}`);
}

function printableLines(text: string): string[] {
  return text.split('\n').map(printable);
}
