import yargs, { type Argv } from 'yargs';
import { GalleyError } from '../core/errors.ts';
import type { CliCommand, GlobalOptions } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { currentHost, type Host } from './host.ts';
import { printError } from './print-error.ts';
import { version } from './version.ts';

/** Runs one command line and gives its exit code. */
export async function main(argv: readonly string[], host: Host = currentHost()): Promise<number> {
  const debug = argv.includes('--debug');
  let code = 0;
  const cli = yargs([...argv])
    .scriptName('galley')
    // What follows a lone -- is a command for exec; 0644 is a word, not a number; --no-instances is an option.
    .parserConfiguration({
      'populate--': true,
      'parse-positional-numbers': false,
      'boolean-negation': false,
    })
    .usage('$0 <command>\n\nTests Chef cookbooks: create → converge → verify → destroy.')
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
    .demandCommand(1, 'a command is needed')
    .recommendCommands()
    .strict()
    .version(version())
    .help()
    .alias('help', 'h')
    .wrap(Math.min(110, host.stdout.columns()))
    .exitProcess(false)
    .fail(false) as Argv<GlobalOptions>;
  const register = <A>(command: CliCommand<A>): void => {
    cli.command({
      command: command.command,
      aliases: command.aliases ?? [],
      describe: command.describe,
      builder: (y: Argv) => command.options(y as Argv<GlobalOptions>) as Argv,
      handler: async (args) => {
        code = await attempt(() => command.run(args as unknown as GlobalOptions & A, host), host, debug);
      },
    });
  };
  for (const command of COMMANDS) register(command);
  // Errors of commands are caught in their handlers: what is thrown here is a wrong command line.
  try {
    await cli.parseAsync();
  } catch (error) {
    return printError(usageError(error), host.stderr, debug);
  }
  return code;
}

async function attempt(run: () => Promise<number>, host: Host, debug: boolean): Promise<number> {
  try {
    return await run();
  } catch (error) {
    return printError(error, host.stderr, debug);
  }
}

function usageError(cause: unknown): GalleyError {
  const [message = 'wrong command line', ...details] = (cause as Error).message.split('\n');
  const suggestion = /^Did you mean (.+)\?$/.exec(message);
  return new GalleyError({
    code: 'usage.command_line',
    kind: 'usage',
    message: suggestion
      ? 'unknown command'
      : message.replace(/^Unknown argument/, 'unknown option or argument'),
    details,
    hint: suggestion ? `did you mean galley ${suggestion[1]}?` : 'galley --help lists commands and options',
    cause,
  });
}
