import { LABEL } from './labels.ts';

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Of labelled resources those whose time is over. What belongs to one instance (or, without one, to one run) lives and
 * dies together: a service that was started later keeps the network it is on. Shared caches, which belong to no project,
 * and what has no readable time, never expire.
 */
export function expiredOf<T extends Labelled>(found: readonly T[], nowMs: number): readonly T[] {
  // Not by the label of caches: a container has the labels of its image, so also that one.
  const ours = found.filter((one) => one.labels[LABEL.project] !== undefined);
  const wanted = new Set(ours.filter((one) => expiresMs(one) >= nowMs).map(groupOf));
  return ours.filter((one) => !wanted.has(groupOf(one)));
}

function groupOf({ labels }: Labelled): string {
  return [labels[LABEL.project], labels[LABEL.instance] ?? `run ${labels[LABEL.run]}`].join('\n');
}

function expiresMs({ labels }: Labelled): number {
  const time = Date.parse(labels[LABEL.expires] ?? '');
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}
