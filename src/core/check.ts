/**
 * error = could not observe. It is never a pass, also for negative checks. waived = did not pass, which somebody has
 * accepted for now (see `Waiver`).
 */
export type CheckOutcome = 'pass' | 'fail' | 'error' | 'skip' | 'waived';

/** `waive: {reason, until}`: a check that may fail until the end of that day. */
export interface Waiver {
  readonly reason: string;
  /** Calendar day, YYYY-MM-DD, UTC; the last one on which the waiver holds. */
  readonly until: string;
}

/** One property of a check: what was wanted beside what was seen. Secrets are redacted before they get here. */
export interface CheckResult {
  /** e.g. `status`, `owner.user`, `value` */
  readonly property: string;
  readonly outcome: CheckOutcome;
  readonly expected: string;
  readonly observed: string;
  /** Where it was looked, e.g. `live environ of pid 71, via sidecar`. */
  readonly source?: string;
  /** Nearest evidence and likely causes, a line each. */
  readonly notes?: readonly string[];
}

/** When a check is tried: one grammar for all types. Times are milliseconds. */
export type Timing =
  | { readonly mode: 'once' }
  | {
      readonly mode: 'eventually';
      readonly withinMs: number;
      readonly everyMs: number;
      readonly stable: number;
    };

/** `repeat: {times, concurrency, …}`: a check type that supports it (http, command) makes that many observations. */
export interface Repeat {
  readonly times: number;
  readonly concurrency: number;
  readonly maxFailures: number;
}

/** A check as declared, parsed and ready to run. */
export interface CheckDeclaration {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  /** Parsed by the verifier's own schema. */
  readonly spec: unknown;
  readonly timing: Timing;
  readonly repeat: Repeat | undefined;
  readonly tags: readonly string[];
  /** `skip: why`; a skip always has a declared reason. */
  readonly skip: string | undefined;
  readonly why: string | undefined;
  readonly location: { readonly file: string; readonly line?: number } | undefined;
}
