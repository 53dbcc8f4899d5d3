import type { SnapshotNeeds } from '../../core/snapshot.ts';
import { reportedVariables } from './environment.ts';
import type { Observed } from './observed.ts';
import { filesOf, servicesOf } from './resources.ts';

/** The first look: who runs, who listens, and what their variables are called. */
export const FIRST_LOOK: SnapshotNeeds = {
  processes: true,
  sockets: true,
  socketOwners: true,
  environ: [{ key: '*', names: [] }],
  cron: true,
};

/** The second: what only the first tells to ask for. */
export function secondLook({
  groups,
  first,
  resources,
  companions,
}: Omit<Observed, 'second' | 'answers'>): SnapshotNeeds {
  const units = groups.flatMap(({ unit }) => unit ?? []);
  return {
    processes: true,
    sockets: true,
    socketOwners: true,
    units: [...new Set([...units, ...servicesOf(resources), ...unitless(groups, units)])],
    files: filesOf(resources).map((path) => ({ path, content: false })),
    environ: groups.flatMap((group) =>
      reportedVariables(group, first).map((key) => ({ key, names: [group.name], unit: group.unit })),
    ),
    resolve: Object.values(companions).map(({ host }) => host),
  };
}

/** Without systemd a service is often called as its program is. */
function unitless(groups: Observed['groups'], units: readonly string[]): readonly string[] {
  return units.length > 0 ? [] : groups.map(({ name }) => name);
}
