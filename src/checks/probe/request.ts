import type { LogNeed, SnapshotNeeds } from '../../core/snapshot.ts';
import { systemRequest } from './system/plan.ts';

/** The request of the probe programs: a line per need, fields separated by tabs, percent-encoded. */
export function requestOf(needs: SnapshotNeeds): string {
  const lines: (readonly string[])[] = [];
  if (needs.processes || needs.processDetails) lines.push(['P']);
  if (needs.processDetails) lines.push(['PD']);
  if (needs.sockets || needs.socketOwners) lines.push(['S']);
  for (const path of new Set(needs.unixPeers)) lines.push(['XP', path]);
  for (const { key, names, unit } of needs.environ ?? []) lines.push(['E', key, withSuffix(unit), ...names]);
  for (const { path, content } of filesOf(needs)) lines.push(['F', content ? '1' : '0', path]);
  for (const { pattern, content } of needs.globs ?? []) lines.push(['FG', content ? '1' : '0', pattern]);
  for (const { path, from } of needs.logs ?? []) lines.push(['L', path, fromField(from)]);
  if (needs.unitProps && needs.unitProps.length > 0) lines.push(['UP', ...new Set(needs.unitProps)]);
  for (const unit of new Set(needs.units)) lines.push(['U', unit]);
  for (const name of new Set(needs.resolve)) lines.push(['R', name]);
  lines.push(...systemRequest(needs));
  return lines.map((fields) => fields.map(escapeField).join('\t')).join('\n');
}

/** True when the answer depends on reading other users' processes. */
export function needsInspection(needs: SnapshotNeeds): boolean {
  return (needs.environ?.length ?? 0) > 0 || needs.socketOwners === true || needs.processDetails === true;
}

/** systemd's names always have a suffix; the cgroup of a process shows it so. */
export function withSuffix(unit: string | undefined): string {
  if (unit === undefined) return '';
  return /\.[a-z]+$/.test(unit) ? unit : `${unit}.service`;
}

/** A position as one field, and back in `log-rows.ts`. */
export function fromField(from: LogNeed['from']): string {
  if (typeof from === 'string') return from;
  return [from.inode, from.device, from.size, from.tail, from.tailLength].join(':');
}

function filesOf(needs: SnapshotNeeds): { path: string; content: boolean }[] {
  const wanted = new Map<string, boolean>();
  for (const { path, content } of needs.files ?? []) wanted.set(path, content || (wanted.get(path) ?? false));
  return [...wanted].map(([path, content]) => ({ path, content }));
}

function escapeField(text: string): string {
  return text.replace(
    /[%\t\n\r\0]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
