import { availableParallelism } from 'node:os';
import { defineCommand } from '../command.ts';
import { type Selection, selectionOptions } from '../selection.ts';

export interface ExecArgs extends Selection {
  readonly command?: string | undefined;
  readonly concurrency: number;
  readonly user?: string | undefined;
  readonly timeout?: number | undefined;
  readonly json: boolean;
  /** The words after a lone `--`. */
  readonly '--'?: readonly string[];
}

export const exec = defineCommand<ExecArgs>({
  command: 'exec [instances..]',
  takesRest: true,
  describe: 'run a command on instances: exec web -- COMMAND, or -c SCRIPT',
  options: (yargs) =>
    selectionOptions(yargs)
      .option('command', {
        alias: 'c',
        type: 'string',
        requiresArg: true,
        describe: 'shell script to run; or give a command after --',
      })
      .option('concurrency', {
        alias: 'parallel',
        type: 'number',
        default: availableParallelism(),
        defaultDescription: 'number of cores',
        describe: 'on how many instances at once',
      })
      .option('user', {
        alias: 'u',
        type: 'string',
        requiresArg: true,
        describe: 'user on the instance; default: root',
      })
      .option('timeout', { type: 'number', describe: 'seconds after which the command is killed' })
      .option('json', { alias: 'j', type: 'boolean', default: false, describe: 'results as JSON' }) as never,
  run: async (args, host) => {
    const { execOn } = await import('../exec-on.ts');
    return execOn(args, host);
  },
});
