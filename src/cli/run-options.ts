import { availableParallelism } from 'node:os';
import type { Argv } from 'yargs';

/** How a run is carried out, whatever it does. */
export interface HowToRun {
  readonly concurrency: number;
  readonly events?: string | undefined;
  /** Seconds. */
  readonly lockTimeout: number;
  readonly keepLogs?: number | undefined;
}

/** The options of every command that takes instances through phases. */
export function runOptions<T>(yargs: Argv<T>): Argv<T & HowToRun> {
  return yargs
    .option('concurrency', {
      alias: ['c', 'parallel'],
      type: 'number',
      default: availableParallelism(),
      defaultDescription: 'number of cores',
      describe: 'how many instances to work on at once',
    })
    .option('events', {
      type: 'string',
      requiresArg: true,
      describe: 'write all events as NDJSON to a file, or - for standard output',
    })
    .option('lock-timeout', {
      type: 'number',
      default: 600,
      describe: 'seconds to wait for another galley that works on the same instance',
    })
    .option('keep-logs', {
      alias: 'keep',
      type: 'number',
      requiresArg: true,
      defaultDescription: 'kitchen.keep_logs, or 20',
      describe: 'how many runs keep their log folder, this one included',
    })
    .coerce('keep-logs', atLeastOne('--keep-logs'))
    .coerce('concurrency', concurrency) as unknown as Argv<T & HowToRun>;
}

/** Without a value, or 0: all at once, as Test Kitchen does. A word after it is hardly meant as its value. */
export function concurrency(count: number | undefined): number {
  if (count === undefined || count === 0) return 9999;
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error('--concurrency wants a whole number, or nothing for all at once');
}

/** For `coerce`: a whole number from 1 on, or nothing. */
export function atLeastOne(option: string) {
  return (count: number | undefined): number | undefined => {
    if (count === undefined || (Number.isInteger(count) && count >= 1)) return count;
    throw new Error(`${option} wants a whole number from 1 on`);
  };
}
