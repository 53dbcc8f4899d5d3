import type { SnapshotNeeds, SnapshotSection } from '../core/snapshot.ts';
import { mergeSystemNeeds, systemSections } from './probe/system/plan.ts';

/** The sections of a snapshot that these needs ask for. */
export function sectionsOf(needs: SnapshotNeeds): SnapshotSection[] {
  const sections: SnapshotSection[] = [];
  if (needs.sockets || needs.socketOwners) sections.push('sockets');
  if (needs.unixPeers && needs.unixPeers.length > 0) sections.push('peers');
  if (needs.processes || needs.processDetails) sections.push('processes');
  if (needs.environ && needs.environ.length > 0) sections.push('environ');
  if ((needs.files?.length ?? 0) > 0 || (needs.globs?.length ?? 0) > 0) sections.push('files');
  if (needs.logs && needs.logs.length > 0) sections.push('logs');
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
  const globs = new Map<string, boolean>();
  for (const { pattern, content } of all.flatMap((needs) => needs.globs ?? [])) {
    globs.set(pattern, content || (globs.get(pattern) ?? false));
  }
  const logs = new Map(all.flatMap((needs) => needs.logs ?? []).map((need) => [JSON.stringify(need), need]));
  const unitProps = [...new Set(all.flatMap((needs) => needs.unitProps ?? []))];
  const units = [...new Set(all.flatMap((needs) => needs.units ?? []))];
  const unixPeers = [...new Set(all.flatMap((needs) => needs.unixPeers ?? []))];
  const resolve = [...new Set(all.flatMap((needs) => needs.resolve ?? []))];
  return {
    ...(all.some((needs) => needs.sockets) && { sockets: true }),
    ...(all.some((needs) => needs.socketOwners) && { socketOwners: true }),
    ...(all.some((needs) => needs.processes) && { processes: true }),
    ...(environ.length > 0 && { environ }),
    ...(files.size > 0 && { files: [...files].map(([path, content]) => ({ path, content })) }),
    ...(globs.size > 0 && { globs: [...globs].map(([pattern, content]) => ({ pattern, content })) }),
    ...(logs.size > 0 && { logs: [...logs.values()] }),
    ...(all.some((needs) => needs.processDetails) && { processDetails: true }),
    ...(unitProps.length > 0 && { unitProps }),
    ...(units.length > 0 && { units }),
    ...(unixPeers.length > 0 && { unixPeers }),
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
