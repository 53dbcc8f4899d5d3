/** In the order in which they may stop an instance; a bug (`internal`) may at any time. */
export const ERROR_KINDS = [
  'usage',
  'config',
  'infrastructure',
  'converge',
  'idempotency',
  'verify',
  'cancelled',
  'internal',
] as const;
/** Whose fault an error is. It chooses the exit code and whether a stack is shown (internal only). */
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** A place in a user's file; line and column count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorFacts {
  /** Permanent dotted name, `room.what_happened`, e.g. `docker.engine_unreachable`. Never renamed. */
  readonly code: string;
  readonly kind: ErrorKind;
  /** What happened, in one sentence with the facts in it. */
  readonly message: string;
  readonly location?: SourceLocation;
  readonly expected?: string;
  readonly got?: string;
  /** Further lines of evidence: the last log lines, the condensed Chef error. */
  readonly details?: readonly string[];
  /** The next step: names a command or a key. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The only error class users meet. Anything else that escapes is a bug in Galley and is shown as `internal`. */
export class GalleyError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly location: SourceLocation | undefined;
  readonly expected: string | undefined;
  readonly got: string | undefined;
  readonly details: readonly string[];
  readonly hint: string | undefined;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.name = 'GalleyError';
    this.code = facts.code;
    this.kind = facts.kind;
    this.location = facts.location;
    this.expected = facts.expected;
    this.got = facts.got;
    this.details = facts.details ?? [];
    this.hint = facts.hint;
  }
}

/** Whether it is the error of that code. */
export function hasCode(error: unknown, code: string): error is GalleyError {
  return error instanceof GalleyError && error.code === code;
}

/** The same error with some of its facts told otherwise; it is the cause of the new one. */
export function restated(error: GalleyError, facts: Partial<ErrorFacts>): GalleyError {
  return new GalleyError({ ...toErrorRecord(error), ...facts, cause: error });
}

/** Several findings about the user's files, reported together so that one run shows them all. */
export class GalleyErrors extends GalleyError {
  readonly errors: readonly GalleyError[];

  /** `errors` must not be empty; the first one gives code and kind. */
  constructor(errors: readonly GalleyError[]) {
    const first = errors[0];
    if (first === undefined) throw new Error('GalleyErrors needs at least one error');
    super({ code: first.code, kind: first.kind, message: `${errors.length} problems found` });
    this.errors = errors;
  }
}

function oneLine(error: GalleyError): string {
  const { file, line } = error.location ?? {};
  const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `;
  return `${place}${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`;
}

/** How an error travels in the event stream and in state files. */
export interface ErrorRecord {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly location?: SourceLocation;
  readonly expected?: string;
  readonly got?: string;
  readonly details?: readonly string[];
  readonly hint?: string;
  /** Only for `internal` errors. */
  readonly stack?: string;
}

export function toErrorRecord(error: unknown): ErrorRecord {
  if (error instanceof GalleyErrors) {
    return { code: error.code, kind: error.kind, message: error.message, details: error.errors.map(oneLine) };
  }
  if (error instanceof GalleyError) {
    return {
      code: error.code,
      kind: error.kind,
      message: error.message,
      ...(error.location && { location: error.location }),
      ...(error.expected !== undefined && { expected: error.expected }),
      ...(error.got !== undefined && { got: error.got }),
      ...(error.details.length > 0 && { details: error.details }),
      ...(error.hint !== undefined && { hint: error.hint }),
    };
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return { code: 'run.cancelled', kind: 'cancelled', message: 'cancelled' };
  }
  const local = localFileError(error);
  if (local) return local;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    code: 'internal.unexpected',
    kind: 'internal',
    message: `unexpected error: ${message}`,
    hint: 'this is a bug in Galley: run again with --debug and report the stack',
    ...(stack !== undefined && { stack }),
  };
}

const FILE_ERRORS: { readonly [code: string]: string } = {
  ENOSPC: 'free some space; galley destroy removes what was made',
  EDQUOT: 'free some space; galley destroy removes what was made',
  EROFS: 'galley keeps its state and logs in .galley beside the kitchen file: make that folder writable',
  EACCES: 'check the permissions; galley keeps its state and logs in .galley beside the kitchen file',
  EPERM: 'check the permissions; galley keeps its state and logs in .galley beside the kitchen file',
  ENOTDIR: 'a file is where a folder must be: move it away',
  EISDIR: 'a folder is where a file must be: move it away',
  ENAMETOOLONG: 'give the suite or the platform a shorter name',
  EMFILE: 'raise the limit of open files (ulimit -n), or lower --concurrency',
  ENFILE: 'the system has too many open files',
  EIO: 'the disk does not work as it should',
};

/** What the caller's own disk refuses is no bug. */
function localFileError(error: unknown): ErrorRecord | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  const hint = code === undefined || syscall === undefined ? undefined : FILE_ERRORS[code];
  if (hint === undefined) return undefined;
  return { code: 'local.file', kind: 'infrastructure', message: error.message, hint };
}
