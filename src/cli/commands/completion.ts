import { basename } from 'node:path';
import yargs, { type Argv } from 'yargs';
import { type CliCommand, defineCommand, type GlobalOptions } from '../command.ts';
import { type CompletedCommand, completionScript, type Shell } from '../completion-script.ts';

interface CompletionArgs {
  readonly shell?: Shell | undefined;
}

/** Options that every command has. */
const GLOBAL = ['config', 'verbose', 'compat', 'debug', 'help'];

export const completion = defineCommand<CompletionArgs>({
  command: 'completion [shell]',
  describe: 'print a completion script: source <(galley completion bash)',
  options: (y) =>
    y.positional('shell', {
      choices: ['bash', 'zsh'] as const,
      describe: 'default: the one that SHELL names',
    }) as never,
  run: async (args, host) => {
    const usual = basename(host.env['SHELL'] ?? '') === 'zsh' ? 'zsh' : 'bash';
    const { COMMANDS } = await import('./index.ts');
    host.stdout.write(completionScript(args.shell ?? usual, COMMANDS.map(completed)));
    return 0;
  },
});

/** Read from the commands themselves, so that the script knows what they know. */
function completed(command: CliCommand): CompletedCommand {
  const [verb = '', positional] = command.command.split(' ');
  const parser = command.options(yargs([]).help(false).version(false) as Argv<GlobalOptions>);
  const known = (parser as unknown as KnownOptions).getOptions();
  const names = positional?.replaceAll(/[<>[\].]/g, '');
  const isPositional = new Set(command.command.split(' ').map((word) => word.replaceAll(/[<>[\].]/g, '')));
  const options = [...Object.keys(known.key), ...GLOBAL].filter(
    (key) => key.length > 1 && !isPositional.has(key),
  );
  const isInstance = names === 'instances' || names === 'instance';
  return {
    verbs: [verb, ...(command.aliases ?? [])],
    describe: command.describe,
    options: [...new Set(options)].map((key) => `--${key}`),
    words: isInstance ? 'instances' : (known.choices[names ?? ''] ?? []),
  };
}

/** What yargs tells of the options it was given; its types leave it out. */
interface KnownOptions {
  getOptions(): {
    readonly key: Readonly<Record<string, unknown>>;
    readonly choices: Readonly<Record<string, readonly string[]>>;
  };
}
