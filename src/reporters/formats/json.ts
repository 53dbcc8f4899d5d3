import type { ErrorRecord } from '../../core/errors.ts';
import { slowestResources } from '../../core/slowest-resources.ts';
import type { Comparison } from '../model/compare.ts';
import { verdict } from '../model/counts.ts';
import type { InstanceReport, ReportedOutcome, RunReport } from '../model/run-report.ts';
import { type JsonReport, REPORT_VERSION } from './json-schema.ts';

/** A run as JSON in the documented, versioned shape of docs/report.schema.json. */
export function renderJson(report: RunReport, comparison?: Comparison): string {
  return `${JSON.stringify(jsonReport(report, comparison), null, 2)}\n`;
}

function jsonReport(report: RunReport, comparison: Comparison | undefined): JsonReport {
  const { runId: id, command, started, durationMs, exitCode, concurrency } = report;
  const ended = (outcome: ReportedOutcome): number =>
    report.instances.filter((one) => one.outcome === outcome).length;
  return {
    format: 'galley-report',
    version: REPORT_VERSION,
    run: { id, command, started, durationMs, exitCode: exitCode ?? null, concurrency },
    verdict: verdict(report),
    counts: {
      instances: {
        passed: ended('passed'),
        failed: ended('failed'),
        cancelled: ended('cancelled'),
        unfinished: ended('unfinished'),
      },
      checks: checkCounts(report),
    },
    instances: report.instances.map(instanceJson),
    notices: [...report.notices],
    comparison: comparison ? mutable(comparison) : null,
  };
}

function checkCounts(report: RunReport): JsonReport['counts']['checks'] {
  const counts = { pass: 0, fail: 0, error: 0, skip: 0, waived: 0, flaky: 0, total: 0 };
  for (const check of report.instances.flatMap((one) => one.checks)) {
    counts[check.outcome] += 1;
    counts.total += 1;
    if (check.flaky) counts.flaky += 1;
  }
  return counts;
}

function instanceJson(instance: InstanceReport): JsonReport['instances'][number] {
  const { name, outcome, startMs, endMs, phases, waits, checks, resources, error, kept, logFile } = instance;
  const ended = endMs ?? phases.at(-1)?.startMs;
  return {
    name,
    outcome,
    startMs: startMs ?? null,
    durationMs: startMs === undefined || ended === undefined ? null : Math.max(0, ended - startMs),
    phases: phases.map((phase) => ({
      name: phase.name,
      action: phase.action,
      outcome: phase.outcome,
      startMs: phase.startMs,
      durationMs: phase.durationMs,
      ...(phase.error && { error: errorJson(phase.error) }),
    })),
    waits: [...waits],
    checks: checks.map((check) => mutable(check)),
    resources: {
      total: resources.length,
      updated: resources.filter((r) => r.status === 'updated').length,
      slowest: slowestResources(resources, 10).map((one) => mutable(one)),
    },
    ...(error && { error: errorJson(error) }),
    kept,
    log: logFile ?? null,
  };
}

/** Without the stack: it is for the log. */
function errorJson(error: ErrorRecord): NonNullable<JsonReport['instances'][number]['error']> {
  const { stack: _, ...shown } = error;
  return mutable(shown);
}

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

/** zod infers mutable types, ours are readonly; the data is the same. */
function mutable<T>(value: T): Mutable<T> {
  return value as Mutable<T>;
}
