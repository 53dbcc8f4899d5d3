import yargs, { type Argv } from 'yargs';
import { GalleyError } from '../core/errors.ts';
import { attempt } from './attempt.ts';
import type { CliCommand, GlobalOptions } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { globalOptions } from './global-options.ts';
import type { Host } from './host.ts';
import { printError } from './print-error.ts';
import { assertValues, usageError } from './usage-error.ts';
import { version } from './version.ts';

/**
 * Leaves yargs when it has found the command. Otherwise it renders its help after each of them, which nobody sees and
 * which takes an eighth of the time of a command that does nothing.
 */
const CHOSEN = new Error('a command was chosen');

/** Reads a command line with yargs, runs the command it names, and gives the exit code. */
export async function runCommandLine(argv: readonly string[], host: Host): Promise<number> {
  const debug = argv.includes('--debug');
  let chosen: (() => Promise<number>) | undefined;
  const cli = globalOptions(
    yargs([...argv])
      .scriptName('galley')
      // Its words stand between ours, and are told in ours when they are errors.
      .locale('en')
      .usage('$0 <command>\n\nTests Chef cookbooks: create → converge → verify → destroy.')
      .demandCommand(1, 'a command is needed')
      .strict()
      .version(version())
      .help()
      .alias('help', 'h')
      .wrap(Math.min(110, host.stdout.columns()))
      .exitProcess(false)
      .fail(false),
  );
  const register = <A>(command: CliCommand<A>): void => {
    cli.command({
      command: command.command,
      aliases: command.aliases ?? [],
      describe: command.describe,
      builder: (y: Argv) => command.options(y as Argv<GlobalOptions>) as Argv,
      handler: (args) => {
        assertValues(args, command as unknown as CliCommand, argv);
        const rest = args['--'] as readonly string[] | undefined;
        chosen = async () => {
          if (rest && !command.takesRest) throw restNotTaken(rest);
          return command.run(args as unknown as GlobalOptions & A, host);
        };
        throw CHOSEN;
      },
    });
  };
  for (const command of COMMANDS) register(command);
  try {
    await cli.parseAsync();
  } catch (error) {
    if (error !== CHOSEN) return printError(usageError(error, argv, COMMANDS), host.stderr, debug);
  }
  return chosen === undefined ? 0 : attempt(chosen, host, debug);
}

function restNotTaken(rest: readonly string[]): GalleyError {
  return new GalleyError({
    code: 'usage.command_line',
    kind: 'usage',
    message: 'only exec takes a command after --',
    got: rest.join(' '),
    hint: 'name instances before the options, without --',
  });
}
