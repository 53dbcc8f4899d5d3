import { defineCommand } from '../command.ts';
import { type HowToRun, runOptions } from '../run-options.ts';
import { type Selection, selectionOptions } from '../selection.ts';

export interface WatchArgs extends Selection, HowToRun {
  /** Milliseconds. */
  readonly poll?: number | undefined;
}

export const watch = defineCommand<WatchArgs>({
  command: 'watch [instances..]',
  describe: 'converge and verify, then again at each save, showing what changed',
  options: (yargs) =>
    runOptions(selectionOptions(yargs))
      .option('poll', {
        type: 'number',
        requiresArg: true,
        describe: 'look at the files every so many milliseconds, where the file system tells of no changes',
      })
      .coerce('poll', positive) as never,
  run: async (args, host) => {
    const { watchKitchen } = await import('../watch/watch-kitchen.ts');
    return watchKitchen(args, host);
  },
});

function positive(ms: number | undefined): number | undefined {
  if (ms === undefined || ms >= 10) return ms;
  throw new Error('--poll wants a number of milliseconds from 10 on');
}
