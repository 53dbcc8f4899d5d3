import yargs, { type Argv } from 'yargs';
import type { CliCommand, GlobalOptions } from './command.ts';

/** What may follow a verb, read from the command itself. */
export interface KnownWords {
  /** Names of options without dashes, letters and positionals left out; those that every command has come last. */
  readonly options: readonly string[];
  /** Names as the command declares them: `instances`, `key`. */
  readonly positionals: readonly string[];
  /** Options that may be given several times. */
  readonly lists: readonly string[];
  /** Options that are on or off, their other names and letters too. */
  readonly switches: readonly string[];
  /** Allowed values by option or positional, where only certain ones are. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

/** Options that every command has. */
const GLOBAL = ['config', 'verbose', 'compat', 'debug', 'help'];
const GLOBAL_SWITCHES = ['verbose', 'v', 'compat', 'debug', 'help', 'h', 'version'];

export function knownWords(command: CliCommand): KnownWords {
  const parser = command.options(yargs([]).help(false).version(false) as Argv<GlobalOptions>);
  const known = (parser as unknown as YargsOptions).getOptions();
  const positionals = command.command
    .split(' ')
    .slice(1)
    .map((word) => word.replaceAll(/[<>[\].]/g, ''));
  const options = [...Object.keys(known.key), ...GLOBAL].filter(
    (key) => key.length > 1 && !positionals.includes(key),
  );
  return {
    options: [...new Set(options)],
    positionals,
    lists: known.array,
    switches: [...known.boolean, ...GLOBAL_SWITCHES],
    choices: known.choices,
  };
}

/** What yargs tells of the options it was given; its types leave it out. */
interface YargsOptions {
  getOptions(): {
    readonly key: Readonly<Record<string, unknown>>;
    readonly array: readonly string[];
    readonly boolean: readonly string[];
    readonly choices: Readonly<Record<string, readonly string[]>>;
  };
}
