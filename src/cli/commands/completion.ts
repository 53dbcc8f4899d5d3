import { basename } from 'node:path';
import { type CliCommand, defineCommand } from '../command.ts';
import { type CompletedCommand, completionScript, type Shell } from '../completion-script.ts';
import { knownWords } from '../known-words.ts';

interface CompletionArgs {
  readonly shell?: Shell | undefined;
}

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
  const [verb = ''] = command.command.split(' ');
  const { options, positionals, choices } = knownWords(command);
  const [first = ''] = positionals;
  const isInstance = first === 'instances' || first === 'instance';
  return {
    verbs: [verb, ...(command.aliases ?? [])],
    describe: command.describe,
    options: options.map((key) => `--${key}`),
    words: isInstance ? 'instances' : (choices[first] ?? []),
  };
}
