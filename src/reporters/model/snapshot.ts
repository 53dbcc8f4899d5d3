import type { CheckOutcome } from '../../core/check.ts';
import type { ReportedOutcome, RunReport } from './run-report.ts';

/** The little of a run that is kept in the history and that two runs are compared by. */
export interface RunSnapshot {
  readonly runId: string;
  readonly command: string;
  /** ISO 8601. */
  readonly started: string;
  readonly durationMs: number;
  readonly exitCode: number | undefined;
  readonly instances: readonly InstanceSnapshot[];
}

export interface InstanceSnapshot {
  readonly name: string;
  readonly outcome: ReportedOutcome;
  readonly phases: readonly {
    readonly name: string;
    readonly outcome: ReportedOutcome;
    readonly durationMs: number;
  }[];
  readonly checks: readonly CheckSnapshot[];
}

export interface CheckSnapshot {
  /** Id of the check, with its step when it has one. */
  readonly id: string;
  readonly title: string;
  readonly outcome: CheckOutcome;
  readonly flaky: boolean;
  readonly durationMs: number;
}

export function snapshotOf(report: RunReport): RunSnapshot {
  const { runId, command, started, durationMs, exitCode } = report;
  return {
    runId,
    command,
    started,
    durationMs,
    exitCode,
    instances: report.instances.map(({ name, outcome, phases, checks }) => ({
      name,
      outcome,
      phases: phases.map((p) => ({ name: p.name, outcome: p.outcome, durationMs: p.durationMs })),
      checks: checks.map((c) => ({
        id: c.step === undefined ? c.id : `${c.step}/${c.id}`,
        title: c.title,
        outcome: c.outcome,
        flaky: c.flaky,
        durationMs: c.durationMs,
      })),
    })),
  };
}
