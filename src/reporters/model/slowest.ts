import type { ResourceResult } from '../../core/events.ts';
import type { RunReport } from './run-report.ts';

export type SlowResource = ResourceResult & { readonly instance: string };

/** The slowest resources of all instances; what took less than 50 ms interests nobody. */
export function slowestResources(report: RunReport, most: number): readonly SlowResource[] {
  return report.instances
    .flatMap((instance) => instance.resources.map((r) => ({ ...r, instance: instance.name })))
    .filter((r) => r.durationMs >= 50)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, most);
}
