import type { Argv } from 'yargs';
import type { GlobalOptions } from './command.ts';

/** How words are read, and the options that every command has. */
export function globalOptions(yargs: Argv): Argv<GlobalOptions> {
  return (
    yargs
      // What follows a lone -- is a command for exec; 0644 is a word, not a number; --no-instances is an option.
      .parserConfiguration({
        'populate--': true,
        'parse-positional-numbers': false,
        'boolean-negation': false,
      })
      .option('config', {
        type: 'string',
        requiresArg: true,
        describe: 'kitchen file to read instead of kitchen.yml',
      })
      .option('verbose', {
        alias: 'v',
        type: 'boolean',
        default: false,
        describe: "also show the client's log and passing checks",
      })
      .option('compat', {
        type: 'boolean',
        default: false,
        describe: 'accept what Test Kitchen accepts in kitchen files, with a warning',
      })
      .option('debug', { type: 'boolean', default: false, describe: 'show stacks of errors' })
  );
}
