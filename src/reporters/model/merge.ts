import type { InstanceReport, RunReport } from './run-report.ts';

/**
 * Several runs (the shards of a CI job) as one, on one clock. An instance that is in several of them counts as in the
 * one that began last. `reports` must not be empty.
 */
export function mergeReports(reports: readonly RunReport[]): RunReport {
  const ordered = reports.toSorted((a, b) => Date.parse(a.started) - Date.parse(b.started));
  const [first] = ordered;
  if (!first) throw new Error('nothing to merge');
  if (ordered.length === 1) return first;
  const start = Date.parse(first.started);
  const offset = (report: RunReport): number => Date.parse(report.started) - start;
  const instances = new Map<string, InstanceReport>();
  const twice = new Set<string>();
  for (const report of ordered) {
    for (const instance of report.instances) {
      if (instances.has(instance.name)) twice.add(instance.name);
      instances.set(instance.name, shifted(instance, offset(report)));
    }
  }
  const doubles = [...twice].map((name) => ({
    level: 'warning' as const,
    message: `${name} is in several of the merged runs: the last one counts`,
  }));
  const codes = ordered.map((one) => one.exitCode);
  const isOver = codes.every((code) => code !== undefined);
  return {
    runId: ordered.map((one) => one.runId).join('+'),
    command: [...new Set(ordered.map((one) => one.command))].join('+'),
    started: first.started,
    durationMs: Math.max(...ordered.map((one) => offset(one) + one.durationMs)),
    ...(isOver && { exitCode: codes.find((code) => code !== 0) ?? 0 }),
    concurrency: ordered.reduce((sum, one) => sum + one.concurrency, 0),
    instances: [...instances.values()],
    notices: [...doubles, ...ordered.flatMap((one) => one.notices)],
  };
}

function shifted(instance: InstanceReport, byMs: number): InstanceReport {
  const { startMs, endMs, phases, waits } = instance;
  return {
    ...instance,
    ...(startMs !== undefined && { startMs: startMs + byMs }),
    ...(endMs !== undefined && { endMs: endMs + byMs }),
    phases: phases.map((phase) => ({
      ...phase,
      startMs: phase.startMs + byMs,
      activities: phase.activities.map(({ atMs, text }) => ({ atMs: atMs + byMs, text })),
    })),
    waits: waits.map((wait) => ({ ...wait, startMs: wait.startMs + byMs })),
  };
}
