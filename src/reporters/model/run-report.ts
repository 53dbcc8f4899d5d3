import type { ErrorRecord } from '../../core/errors.ts';
import type { CheckReport, InstanceOutcome, ResourceResult } from '../../core/events.ts';
import type { Action } from '../../core/instance.ts';
import type { LogExcerpt } from './log-excerpt.ts';

/** `unfinished`: its end was never heard of; the run was killed, or is still going on. */
export type ReportedOutcome = InstanceOutcome | 'unfinished';

/** Times named `…Ms` without `duration` count from the start of the run. */
export interface PhaseReport {
  readonly action: Action;
  /** The action; `destroy first` for what `test` clears away at its start. Unique within an instance. */
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly outcome: ReportedOutcome;
  readonly error?: ErrorRecord;
  /** What was being done when, as the progress lines said. */
  readonly activities: readonly { readonly atMs: number; readonly text: string }[];
}

/** A time in which an instance did nothing but wait. */
export interface WaitReport {
  /** `a free slot`, `image debian-12`, … */
  readonly what: string;
  /** The instance that was waited for, when it is one. */
  readonly holder?: string;
  readonly startMs: number;
  readonly durationMs: number;
}

export interface InstanceReport {
  readonly name: string;
  readonly outcome: ReportedOutcome;
  /** Undefined when it was never begun. */
  readonly startMs?: number;
  readonly endMs?: number;
  readonly planned: readonly Action[];
  readonly phases: readonly PhaseReport[];
  readonly waits: readonly WaitReport[];
  readonly checks: readonly CheckReport[];
  readonly resources: readonly ResourceResult[];
  /** What decided the outcome, also when it happened outside of a phase. */
  readonly error?: ErrorRecord;
  readonly kept: boolean;
  readonly notices: readonly NoticeReport[];
  readonly log: LogExcerpt;
  /** Path of the whole log; relative ones are from the folder of the kitchen. */
  readonly logFile?: string;
}

export interface NoticeReport {
  readonly level: 'verbose' | 'info' | 'warning';
  readonly message: string;
}

/** A whole run as its events tell it, cleaned for every report format. Made by `RunReportBuilder`. */
export interface RunReport {
  readonly runId: string;
  readonly command: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly started: string;
  readonly durationMs: number;
  /** Undefined when the end of the run was never heard of. */
  readonly exitCode?: number;
  readonly concurrency: number;
  /** In the order in which they were asked for. */
  readonly instances: readonly InstanceReport[];
  readonly notices: readonly NoticeReport[];
}
