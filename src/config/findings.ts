import { type ErrorFacts, GalleyError, GalleyErrors, type SourceLocation } from '../core/errors.ts';

export interface Warning {
  readonly message: string;
  readonly location?: SourceLocation;
}

type Facts = Omit<ErrorFacts, 'kind'>;

/** What is wrong with the user's files, collected so that one run shows all of it. The same finding counts once. */
export interface Findings {
  readonly warnings: readonly Warning[];
  /** Whether `tolerable` findings are only warnings. */
  readonly compat: boolean;
  error(facts: Facts): void;
  /** Adds ready-made errors, e.g. those of a schema. */
  errors(errors: readonly GalleyError[]): void;
  /** Something that Test Kitchen lets pass without a word: an error here, only a warning in compat mode. */
  tolerable(facts: Facts | GalleyError): void;
  warn(message: string, location?: SourceLocation): void;
  /** Throws all errors found so far as one `GalleyErrors` (or the only one as it is). */
  throwIfAny(): void;
}

export function createFindings(compat: boolean): Findings {
  const errors = new Map<string, GalleyError>();
  const warnings = new Map<string, Warning>();
  const add = (error: GalleyError) => {
    const key = JSON.stringify([error.code, error.message, error.location]);
    if (!errors.has(key)) errors.set(key, error);
  };
  const warn = (message: string, location?: SourceLocation) => {
    const key = JSON.stringify([message, location]);
    if (!warnings.has(key)) warnings.set(key, { message, ...(location && { location }) });
  };
  return {
    compat,
    get warnings() {
      return [...warnings.values()];
    },
    error: (facts) => add(new GalleyError({ kind: 'config', ...facts })),
    errors: (found) => found.forEach(add),
    tolerable(facts) {
      if (!compat) add(facts instanceof GalleyError ? facts : new GalleyError({ kind: 'config', ...facts }));
      else
        warn(facts.hint === undefined ? facts.message : `${facts.message} (${facts.hint})`, facts.location);
    },
    warn,
    throwIfAny() {
      const found = [...errors.values()];
      const [only] = found;
      if (only === undefined) return;
      throw found.length === 1 ? only : new GalleyErrors(found);
    },
  };
}
