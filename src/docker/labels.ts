import type { Ownership } from '../core/action-context.ts';

/** Keys of the labels on everything that belongs to a run. Permanent: `destroy` finds old resources by them. */
export const LABEL = {
  project: 'galley.project',
  instance: 'galley.instance',
  run: 'galley.run',
  owner: 'galley.owner',
  expires: 'galley.expires',
  kind: 'galley.kind',
} as const;

/**
 * Label of things that outlive runs and are shared between projects (built images, client volumes). Its own
 * namespace: a filter on `galley.…` shows only what a run left behind.
 */
export const CACHE_LABEL = 'galley-cache';

/** What a resource is for. */
export type ResourceKind =
  | 'instance'
  | 'service'
  | 'network'
  | 'sidecar'
  | 'probe'
  | 'snapshot'
  | 'key'
  | 'group'
  | 'host';

/** Labels of one resource. Without `instance` it belongs to the run as a whole. */
export function labelsFor(
  ownership: Ownership,
  instance: string | undefined,
  kind: ResourceKind,
): Record<string, string> {
  return {
    [LABEL.project]: ownership.project,
    ...(instance !== undefined && { [LABEL.instance]: instance }),
    [LABEL.run]: ownership.runId,
    [LABEL.owner]: ownership.owner,
    [LABEL.expires]: ownership.expires,
    [LABEL.kind]: kind,
  };
}

export interface LabelSelection {
  readonly project?: string;
  readonly instance?: string;
  readonly run?: string;
  readonly kind?: ResourceKind;
}

/** Filter of the engine's list calls. Throws when it would select everything on the engine. */
export function filterFor(selection: LabelSelection): { label: string[] } {
  const label = (Object.keys(selection) as (keyof LabelSelection)[])
    .filter((key) => selection[key] !== undefined)
    .map((key) => `${LABEL[key]}=${selection[key]}`);
  if (label.length === 0) throw new Error('a label filter needs at least one label');
  return { label };
}

export function cacheLabels(kind: 'image' | 'client'): Record<string, string> {
  return { [CACHE_LABEL]: kind };
}
