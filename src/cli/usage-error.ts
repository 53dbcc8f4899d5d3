import { didYouMean } from '../core/did-you-mean.ts';
import { GalleyError } from '../core/errors.ts';
import type { CliCommand } from './command.ts';
import { type KnownWords, knownWords } from './known-words.ts';

interface Facts {
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly hint?: string;
}

/** What is wrong with a command line, in our words. `cause` is what yargs or an option's own rule has thrown. */
export function usageError(
  cause: unknown,
  argv: readonly string[],
  commands: readonly CliCommand[],
): GalleyError {
  const words = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
  const command = commands.find((one) =>
    verbsOf(one).includes(words.find((word) => !word.startsWith('-')) ?? ''),
  );
  const { message } = cause as Error;
  const facts = command
    ? factsOf(message, words, command, knownWords(command))
    : unknownCommand(words, commands);
  const fallback = command
    ? `galley ${verbOf(command)} --help lists its options`
    : 'galley --help lists the commands';
  return new GalleyError({ code: 'usage.command_line', kind: 'usage', hint: fallback, ...facts, cause });
}

/**
 * Values that yargs lets pass although no option means them: one that is given twice and arrives as a list, a word
 * where a number is meant, which arrives as NaN, and any word for a switch (`--dry-run=yes`), which arrives as false.
 */
export function assertValues(
  args: Readonly<Record<string, unknown>>,
  command: CliCommand,
  argv: readonly string[],
): void {
  assertSwitches(argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined), command);
  const isWord = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
  const odd = Object.entries(args).filter(
    ([key, value]) =>
      !['_', '--', 'instances'].includes(key) &&
      (Number.isNaN(value) || (Array.isArray(value) && value.some(isWord))),
  );
  if (odd.length === 0) return;
  const { lists, positionals } = knownWords(command);
  for (const [key, value] of odd) {
    // Each is there under all its names, also as `checkTag`; an option is told of by its long one.
    const name = kebab(key);
    if (lists.includes(name) || positionals.includes(name) || key.length === 1) continue;
    if (Array.isArray(value))
      throw new Error(`--${name} is given ${value.length === 2 ? 'twice' : `${value.length} times`}`);
    throw new Error(`--${name} wants a number`);
  }
}

function assertSwitches(words: readonly string[], command: CliCommand): void {
  for (const word of words) {
    const [, dashes = '', name = '', value = ''] = /^(--?)([\w-]+)=(.*)$/s.exec(word) ?? [];
    if (name === '' || value === 'true' || value === 'false') continue;
    if (!knownWords(command).switches.includes(kebab(name.replace(/^no-/, '')))) continue;
    throw new Error(`${dashes}${name} takes no value, it is on when it is given: not '${value}'`);
  }
}

function factsOf(message: string, argv: readonly string[], command: CliCommand, known: KnownWords): Facts {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]?.split(', ');
  if (unknown) return unknownWord(unknown, argv, command, known);
  if (message.startsWith('Not enough non-option arguments')) return missing(command, known);
  const without = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (without !== undefined) return { message: `--${kebab(without)} wants a value` };
  const [, name = '', got = ''] = /Argument: ([^,]+), Given: "?(.*?)"?, Choices: /.exec(message) ?? [];
  if (name !== '') return wrongChoice(name, got, command, known);
  return { message: message.split('\n')[0] ?? message };
}

function unknownWord(
  names: readonly string[],
  argv: readonly string[],
  command: CliCommand,
  known: KnownWords,
): Facts {
  const [name = ''] = names;
  const isLong = argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (isLong || isLetter(name, argv)) {
    const near = isLong ? didYouMean(name, known.options) : undefined;
    return {
      message: `galley ${verbOf(command)} has no option ${isLong ? '--' : '-'}${name}`,
      ...(near !== undefined && { hint: `did you mean --${near}?` }),
    };
  }
  return {
    message: `galley ${verbOf(command)} takes no${known.positionals.length > 0 ? ' further' : ''} words`,
    expected: `galley ${command.command}`,
    got: names.join(' '),
  };
}

function isLetter(name: string, argv: readonly string[]): boolean {
  return name.length === 1 && argv.some((word) => /^-[a-z]+/i.test(word) && word.includes(name));
}

function missing(command: CliCommand, { positionals, choices }: KnownWords): Facts {
  const [name = 'word'] = positionals;
  const isMany = command.command.includes('..>');
  const article = /^[aeiou]/.test(name) ? 'an' : 'a';
  return {
    message: `galley ${verbOf(command)} needs ${isMany ? name : `${article} ${name}`}`,
    expected: choices[name] ? `one of ${choices[name].join(', ')}` : `galley ${command.command}`,
  };
}

function wrongChoice(
  name: string,
  got: string,
  command: CliCommand,
  { positionals, choices }: KnownWords,
): Facts {
  const allowed = choices[name] ?? [];
  const near = didYouMean(got, allowed);
  const isOption = !positionals.includes(name);
  return {
    message: isOption
      ? `--${kebab(name)} has no value '${got}'`
      : `galley ${verbOf(command)} has no ${name} '${got}'`,
    expected: `one of ${allowed.join(', ')}`,
    ...(near !== undefined && { hint: `did you mean ${near}?` }),
  };
}

function unknownCommand(words: readonly string[], commands: readonly CliCommand[]): Facts {
  const word = words.find((one) => !one.startsWith('-'));
  if (word === undefined) {
    const [option] = words;
    return { message: option === undefined ? 'a command is needed' : `a command is needed before ${option}` };
  }
  const near = didYouMean(word, commands.flatMap(verbsOf));
  return {
    message: `there is no command '${word}'`,
    ...(near !== undefined && { hint: `did you mean galley ${near}?` }),
  };
}

function verbOf({ command }: CliCommand): string {
  return command.split(' ')[0] ?? command;
}

function verbsOf(command: CliCommand): readonly string[] {
  return [verbOf(command), ...(command.aliases ?? [])];
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
