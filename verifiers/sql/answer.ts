import type { SqlErrorKind } from './schema.ts';

export type Cell = unknown;
export type SqlRow = Readonly<Record<string, Cell>>;

/** What the database said. */
export type SqlAnswer =
  | {
      readonly kind: 'rows';
      /** Undefined when the client does not name them for a result without rows. */
      readonly columns: readonly string[] | undefined;
      readonly rows: readonly SqlRow[];
      readonly durationMs: number | undefined;
      /** The client gives texts only: a number may be meant as a text. */
      readonly isUntyped: boolean;
    }
  | { readonly kind: 'error'; readonly error: SqlErrorKind; readonly text: string };

/** Where and as whom a client connects; what is undefined is left to the client. */
export interface SqlTarget {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly timeoutMs: number;
}

export interface SqlCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
}

/** A database's own command line client. */
export interface SqlClient {
  command(statement: string, target: SqlTarget): SqlCommand;
  /** Throws when the output is not that of the client. */
  answer(output: { readonly exitCode: number; readonly stdout: string; readonly stderr: string }): SqlAnswer;
}

/** Printed by `sh` when none of the client's names is found. */
export const NO_CLIENT = 'galley-no-client';

/** argv that runs the first program found of these, on the PATH or matching a pattern of paths. */
export function firstOf(programs: readonly string[], args: readonly string[]): string[] {
  const script = `for c in ${programs.join(' ')}; do p=$(command -v "$c" 2>/dev/null) && exec "$p" "$@"; done; echo ${NO_CLIENT} >&2; exit 127`;
  return ['sh', '-c', script, 'sh', ...args];
}
