import pc from 'picocolors';
import { GalleyErrors, toErrorRecord } from '../core/errors.ts';
import { formatError } from '../reporters/format/error.ts';
import type { Terminal } from '../reporters/terminal.ts';
import { EXIT_CODES } from './exit-codes.ts';

/** Says what went wrong before or outside a run. Returns the exit code. */
export function printError(error: unknown, terminal: Terminal, debug: boolean): number {
  const colors = pc.createColors(terminal.color);
  const errors = error instanceof GalleyErrors ? error.errors : [error];
  for (const each of errors) {
    const lines = formatError(toErrorRecord(each), colors, debug);
    if (debug && each instanceof Error && each.stack !== undefined) lines.push(colors.dim(each.stack));
    terminal.write(`${lines.join('\n')}\n`);
  }
  return EXIT_CODES[toErrorRecord(errors[0]).kind];
}
