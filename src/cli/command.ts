import type { Argv } from 'yargs';
import type { Host } from './host.ts';

/** Options every command has. */
export interface GlobalOptions {
  readonly config?: string | undefined;
  readonly debug: boolean;
  readonly verbose: boolean;
  /** What Test Kitchen lets pass without a word is a warning instead of an error. */
  readonly compat?: boolean;
}

/** One verb of the command line. `run` returns the exit code. */
export interface CliCommand<A = object> {
  /** yargs syntax, e.g. `create [instances..]`. */
  readonly command: string;
  readonly aliases?: readonly string[];
  readonly describe: string;
  /** The words after a lone `--` are its own; to any other command they are a mistake. */
  readonly takesRest?: true;
  readonly options: (yargs: Argv<GlobalOptions>) => Argv<GlobalOptions & A>;
  /** Loaded only when the command is run, so that `list` does not pay for Docker. */
  readonly run: (args: GlobalOptions & A, host: Host) => Promise<number>;
}

export const defineCommand = <A>(command: CliCommand<A>): CliCommand<A> => command;
