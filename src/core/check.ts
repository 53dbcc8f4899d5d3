/**
 * error = could not observe. It is never a pass, also for negative checks. waived = did not pass, which somebody has
 * accepted for now (see `Waiver`).
 */
export type CheckOutcome = 'pass' | 'fail' | 'error' | 'skip' | 'waived';

/** It failed or could not be looked at: what a run is red for. */
export function isBad({ outcome }: { readonly outcome: CheckOutcome }): boolean {
  return outcome === 'fail' || outcome === 'error';
}

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
      /** `every: 250ms→2s`: the waits grow to this; without it all are `everyMs`. */
      readonly upToMs?: number;
      readonly stable: number;
    };

/** `consistently: {for, every}`: once it passes it must go on passing. Times are milliseconds. */
export interface Consistently {
  readonly forMs: number;
  readonly everyMs: number;
  /** What the type counts as the identity of the thing (pid and start time) may change meanwhile. */
  readonly mayRestart: boolean;
}

/** `repeat: {times, concurrency, …}`: a check type that supports it (http, command) makes that many observations. */
export interface Repeat {
  readonly times: number;
  readonly concurrency: number;
  readonly maxFailures: number;
  /** `new` (default): a connection for each observation, so that all workers get some; `reuse`: kept open. */
  readonly connection?: 'new' | 'reuse';
  /** The unique token of each observation must be in what comes back. */
  readonly token?: boolean;
  /** How many different workers must have answered; `all`: every one that is selected. */
  readonly workers?: 'all' | number;
}

/** How grave it is when a check does not pass: a word for reports, it does not change whether the run fails. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** `only: {if: command, why}`: a condition that is asked on the instance just before the check. */
export interface Condition {
  /** Run by `sh -c`; the check is looked at when it exits with 0, and skipped otherwise. */
  readonly command: string;
  readonly why: string;
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
  /** Looked at after `timing` and `repeat`. */
  readonly consistently?: Consistently | undefined;
  readonly condition?: Condition | undefined;
  readonly waiver?: Waiver | undefined;
  /** Ids of checks that must have passed; otherwise this one is skipped. */
  readonly depends?: readonly string[];
  readonly severity?: Severity | undefined;
  /** What is collected when it does not pass: absolute paths (last lines) and commands. */
  readonly evidence?: readonly string[];
  /** What must not be shown: `all` values, or each of these. */
  readonly redact?: 'all' | readonly (string | RegExp)[] | undefined;
  /** Milliseconds that one look may take; after that it is an error. */
  readonly timeoutMs?: number | undefined;
}
