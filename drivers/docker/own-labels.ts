import type { ActionContext } from '../../src/core/action-context.ts';
import { labelsFor, type ResourceKind } from '../../src/docker/labels.ts';
import type { DockerConfig } from './config.ts';

/** Labels of what the driver makes for an instance, with the time that its `expires:` gives it. */
export function ownLabels(
  { config, ownership }: Pick<ActionContext<DockerConfig>, 'config' | 'ownership'>,
  instance: string,
  kind: ResourceKind,
): Record<string, string> {
  const { expiresMs } = config;
  const expires =
    expiresMs === undefined ? ownership.expires : new Date(Date.now() + expiresMs).toISOString();
  return labelsFor({ ...ownership, expires }, instance, kind);
}
