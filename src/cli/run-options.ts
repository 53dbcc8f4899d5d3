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
    .coerce('concurrency', (n: number) =>
      Number.isFinite(n) && n >= 1 ? Math.floor(n) : 9999,
    ) as unknown as Argv<T & HowToRun>;
}

/** For `coerce`: a whole number from 1 on, or nothing. */
export function atLeastOne(option: string) {
  return (count: number | undefined): number | undefined => {
    if (count === undefined || (Number.isInteger(count) && count >= 1)) return count;
    throw new Error(`${option} wants a whole number from 1 on`);
  };
}
