import type { ResourceResult } from '../../core/events.ts';
import { slowestResources } from '../../core/slowest-resources.ts';
import type { RunReport } from './run-report.ts';

export type SlowResource = ResourceResult & { readonly instance: string };

/** The slowest resources of all instances, a row for each resource of an instance. */
export function slowestOfRun(report: RunReport, most: number): readonly SlowResource[] {
  return report.instances
    .flatMap(({ name, resources }) =>
      slowestResources(resources, most).map((one) => ({ ...one, instance: name })),
    )
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, most);
}
