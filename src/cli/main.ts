import { readFileSync } from 'node:fs';
import yargs, { type Argv } from 'yargs';
import { GalleyError } from '../core/errors.ts';
import type { CliCommand, GlobalOptions } from './command.ts';
import { explain } from './commands/explain.ts';
import { images } from './commands/images.ts';
import { list } from './commands/list.ts';
import { login } from './commands/login.ts';
import { phaseCommands } from './commands/phases.ts';
import { validate } from './commands/validate.ts';
import { currentHost, type Host } from './host.ts';
import { printError } from './print-error.ts';

/** Runs one command line and gives its exit code. */
export async function main(argv: readonly string[], host: Host = currentHost()): Promise<number> {
  const debug = argv.includes('--debug');
  let code = 0;
  const cli = yargs([...argv])
    .scriptName('galley')
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
  for (const command of phaseCommands) register(command as CliCommand);
  register(list as CliCommand);
  register(login as CliCommand);
  register(validate as CliCommand);
  register(explain as CliCommand);
  register(images as CliCommand);
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

function version(): string {
  // From dist/src/cli and from src/cli alike, the package is some levels up.
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as { version: string }).version;
    } catch {
      // try the next one
    }
  }
  return 'unknown';
}
