import type { SnapshotNeeds, SnapshotSection } from '../core/snapshot.ts';
import { mergeSystemNeeds, systemSections } from './probe/system/plan.ts';

/** The sections of a snapshot that these needs ask for. */
export function sectionsOf(needs: SnapshotNeeds): SnapshotSection[] {
  const sections: SnapshotSection[] = [];
  if (needs.sockets || needs.socketOwners) sections.push('sockets');
  if (needs.processes) sections.push('processes');
  if (needs.environ && needs.environ.length > 0) sections.push('environ');
  if (needs.files && needs.files.length > 0) sections.push('files');
  if (needs.units && needs.units.length > 0) sections.push('units');
  if (needs.resolve && needs.resolve.length > 0) sections.push('addresses');
  return [...sections, ...systemSections(needs)];
}

/** The union of what several checks need, so that one look at the instance serves them all. Pure. */
export function mergeNeeds(all: readonly SnapshotNeeds[]): SnapshotNeeds {
  const environ = mergeEnviron(all);
  const files = new Map<string, boolean>();
  for (const { path, content } of all.flatMap((needs) => needs.files ?? [])) {
    files.set(path, content || (files.get(path) ?? false));
  }
  const units = [...new Set(all.flatMap((needs) => needs.units ?? []))];
  const resolve = [...new Set(all.flatMap((needs) => needs.resolve ?? []))];
  return {
    ...(all.some((needs) => needs.sockets) && { sockets: true }),
    ...(all.some((needs) => needs.socketOwners) && { socketOwners: true }),
    ...(all.some((needs) => needs.processes) && { processes: true }),
    ...(environ.length > 0 && { environ }),
    ...(files.size > 0 && { files: [...files].map(([path, content]) => ({ path, content })) }),
    ...(units.length > 0 && { units }),
    ...(resolve.length > 0 && { resolve }),
    ...mergeSystemNeeds(all),
  };
}

type EnvironNeed = NonNullable<SnapshotNeeds['environ']>[number];

/** One entry for each key and unit; no names means every process. */
function mergeEnviron(all: readonly SnapshotNeeds[]): EnvironNeed[] {
  const merged = new Map<string, EnvironNeed>();
  for (const need of all.flatMap((needs) => needs.environ ?? [])) {
    const at = JSON.stringify([need.key, need.unit]);
    const known = merged.get(at);
    const isEvery = need.names.length === 0 || known?.names.length === 0;
    const names = isEvery ? [] : [...new Set([...(known?.names ?? []), ...need.names])];
    merged.set(at, { ...need, names });
  }
  return [...merged.values()];
}
