import type { CheckOutcome, CheckResult, Severity, Waiver } from './check.ts';
import type { ErrorRecord, SourceLocation } from './errors.ts';
import type { Action } from './instance.ts';

/** Version of the event stream; raised when a field changes its meaning. */
export const EVENT_VERSION = 1;

export type InstanceOutcome = 'passed' | 'failed' | 'cancelled';

/** One Chef resource as the client's data collector reported it. */
export interface ResourceResult {
  /** e.g. `package[nginx]` */
  readonly resource: string;
  readonly action: string;
  readonly status: 'updated' | 'up-to-date' | 'skipped' | 'failed' | 'unprocessed';
  readonly durationMs: number;
  readonly cookbook?: string;
  readonly recipe?: string;
  /** The change the client described, condensed. */
  readonly delta?: string;
}

/** The first attempt that did not pass, of a check that was tried again. */
export interface FirstFailure {
  /** Counts from 1. */
  readonly attempt: number;
  /** Milliseconds after the check began. */
  readonly atMs: number;
  readonly outcome: CheckOutcome;
  readonly property: string;
  readonly expected: string;
  readonly observed: string;
}

export interface CheckReport {
  /** Stable within an instance: given `id:` or derived from type and selector. */
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly outcome: CheckOutcome;
  readonly results: readonly CheckResult[];
  readonly attempts: number;
  /** Passed, but only after a failed attempt; see `firstFailure`. */
  readonly flaky: boolean;
  /** Present when an attempt before the last one did not pass. */
  readonly firstFailure?: FirstFailure;
  readonly severity?: Severity;
  readonly durationMs: number;
  readonly location?: { readonly file: string; readonly line?: number };
  /** Next commands worth running, causes worth considering. */
  readonly hint?: string;
  /** The reason of the check as its author gave it. */
  readonly why?: string;
  readonly tags?: readonly string[];
  /** Present when the check declares one, whatever the outcome. */
  readonly waiver?: Waiver;
  /** The step of a multi-step suite after which it was looked at. */
  readonly step?: string;
}

export interface PhaseSummary {
  readonly action: Action;
  /** The step of a multi-step suite. */
  readonly step?: string;
  readonly durationMs: number;
  readonly outcome: InstanceOutcome;
}

export interface InstanceSummary {
  readonly instance: string;
  readonly outcome: InstanceOutcome;
  /** The step of a multi-step suite at which it ended. */
  readonly step?: string;
  readonly phases: readonly PhaseSummary[];
  readonly resources?: { readonly total: number; readonly updated: number };
  readonly checks?: { readonly [outcome in CheckOutcome]: number };
  /** How many of the passed checks passed only after a failed attempt. */
  readonly flaky?: number;
  readonly slowest: readonly ResourceResult[];
  readonly error?: ErrorRecord;
  /** After `test`: the machine was not destroyed, by the policy. */
  readonly kept?: boolean;
  /** Where the full log is. */
  readonly log?: string;
}

/** What happened, without the envelope that the bus adds. */
export type GalleyEvent =
  | {
      readonly type: 'run:start';
      readonly command: string;
      readonly instances: readonly string[];
      readonly concurrency: number;
      readonly logDir: string;
    }
  | {
      readonly type: 'run:end';
      readonly exitCode: number;
      readonly durationMs: number;
      readonly instances: readonly InstanceSummary[];
    }
  | {
      readonly type: 'instance:start';
      readonly instance: string;
      /** In a multi-step suite an action is there once for each step. */
      readonly actions: readonly Action[];
      /** The steps that will be gone through. */
      readonly steps?: readonly string[];
    }
  | { readonly type: 'instance:end'; readonly instance: string; readonly summary: InstanceSummary }
  | {
      readonly type: 'phase:start';
      readonly instance: string;
      readonly action: Action;
      readonly step?: string;
    }
  | {
      readonly type: 'phase:end';
      readonly instance: string;
      readonly action: Action;
      readonly step?: string;
      readonly durationMs: number;
      readonly outcome: InstanceOutcome;
      readonly error?: ErrorRecord;
    }
  /** A lifecycle hook that came to its end; its output came before as `output` with the source `hook NAME`. */
  | {
      readonly type: 'hook';
      readonly instance: string;
      /** The phase around which, or after whose failure, it ran. */
      readonly action: Action;
      /** `pre_create`, …, `on_failure` */
      readonly name: string;
      readonly where: 'local' | 'remote';
      /** forgiven: a skippable one that failed; skipped: a skippable one without an instance. */
      readonly outcome: 'passed' | 'failed' | 'forgiven' | 'skipped' | 'cancelled';
      /** Missing when it did not end by itself. */
      readonly exitCode?: number;
      readonly durationMs: number;
      readonly location?: SourceLocation;
    }
  /** What is being done right now; replaces the previous one. Without `instance` it concerns the whole run. */
  | { readonly type: 'progress'; readonly instance?: string; readonly text: string }
  /** Raw output of a command run for the instance, split into lines without their line end. */
  | {
      readonly type: 'output';
      readonly instance: string;
      readonly source: string;
      readonly stream: 'stdout' | 'stderr';
      readonly line: string;
    }
  | {
      readonly type: 'resource';
      readonly instance: string;
      readonly result: ResourceResult;
      readonly step?: string;
    }
  | { readonly type: 'check'; readonly instance: string; readonly report: CheckReport }
  /** Something the user should know once: a fallback taken, a state repaired. */
  | {
      readonly type: 'notice';
      readonly instance?: string;
      readonly level: 'verbose' | 'info' | 'warning';
      readonly message: string;
    }
  /** `galley watch`, between its runs: it has begun, and nothing is destroyed when it ends. */
  | { readonly type: 'watch:start'; readonly root: string; readonly instances: readonly string[] }
  /** Nothing is done until a file is saved. */
  | { readonly type: 'watch:waiting' }
  /** Files were saved: which instances they concern and how. Paths relative to the kitchen's folder; empty needs: none. */
  | {
      readonly type: 'watch:changed';
      readonly files: readonly string[];
      readonly needs: Readonly<Record<string, 'converge' | 'verify'>>;
      /** The kitchen could not be used before, and can be now. */
      readonly isFixed?: boolean;
    }
  /** The kitchen cannot be used as it was saved; the next save is waited for. */
  | { readonly type: 'watch:problem'; readonly error: ErrorRecord }
  /** `left`: instances that have a machine. */
  | { readonly type: 'watch:end'; readonly left: readonly string[] }
  /** An instance has waited, for work that another one of the run did for both or for another Galley. */
  | {
      readonly type: 'wait';
      readonly instance: string;
      /** e.g. `docker image debian:12` */
      readonly what: string;
      /** The instance that was waited for. */
      readonly holder?: string;
      readonly durationMs: number;
    }
  /** A thing outside this process that now exists (or no longer does) because of us. */
  | {
      readonly type: 'made' | 'removed';
      readonly instance?: string;
      readonly kind: string;
      readonly name: string;
    };

/** An event as it is written to `--events` and to log folders: one JSON object a line. */
export type EventEnvelope = GalleyEvent & {
  readonly v: typeof EVENT_VERSION;
  readonly runId: string;
  readonly seq: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly time: string;
};

export type Emit = (event: GalleyEvent) => void;
