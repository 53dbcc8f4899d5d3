import type { ResolvedInstance } from '../plan/resolve.ts';

/** No instance has a dot in its name, so a machine for a snapshot cannot meet one. */
const SUFFIX = '.snapshot';

/** The base as a machine of its own, beside the one that the user may have: other state, labels and host name. */
export function builderOf(base: ResolvedInstance): ResolvedInstance {
  const instance = { ...base.instance, name: `${base.instance.name}${SUFFIX}` };
  const request = { ...base.request, hostPorts: [] };
  const steps = base.steps.map((step) => ({ ...step, resolved: { ...step.resolved, instance, request } }));
  return { ...base, instance, request, steps };
}

/** The instance whose snapshot a machine of this name is for. */
export function builtFor(name: string): string | undefined {
  return name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : undefined;
}
