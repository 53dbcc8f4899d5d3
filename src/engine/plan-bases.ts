import type { ResolvedInstance } from '../plan/resolve.ts';
import type { StateStore } from '../state/state-store.ts';
import type { Command } from './run-instance.ts';

/** Bases that instances of this run wait for. */
export interface NeededBase {
  readonly name: string;
  /** How many other bases come before it. */
  readonly depth: number;
  /** It is an instance of this run that will be made and converged, so that its snapshot costs no further converge. */
  readonly gives: boolean;
}

/** The bases of instances that will be created, those without a base first. Judged by the state files. */
export async function neededBases(
  instances: readonly ResolvedInstance[],
  command: Command,
  store: StateStore,
): Promise<readonly NeededBase[]> {
  const { verb } = command;
  if (verb === 'destroy') return [];
  const byName = new Map(instances.map((one) => [one.instance.name, one]));
  const fresh = new Set<string>();
  for (const { instance, config } of instances) {
    // Nothing has to be known of an instance that neither is a base nor has one.
    const concerns = config.from ?? instances.some((one) => one.config.from?.instance === instance.name);
    if (!concerns) continue;
    const isThere = verb !== 'test' && (await store.peek(instance.name))?.lastAction !== undefined;
    if (!isThere) fresh.add(instance.name);
  }
  const names = new Set(
    instances.flatMap(({ instance, config }) =>
      config.from && fresh.has(instance.name) ? [config.from.instance] : [],
    ),
  );
  const depthOf = (name: string): number => {
    const before = byName.get(name)?.config.from?.instance;
    return before === undefined ? 0 : 1 + depthOf(before);
  };
  return [...names]
    .map((name) => {
      const base = byName.get(name);
      return {
        name,
        depth: depthOf(name),
        gives: base !== undefined && fresh.has(name) && reachesEnd(base, command),
      };
    })
    .toSorted((a, b) => a.depth - b.depth);
}

/** Whether the command goes through the converge of the last step. */
function reachesEnd({ steps }: ResolvedInstance, { verb, until }: Command): boolean {
  if (verb === 'create') return false;
  return until === undefined || steps.length === 0 || until === steps.at(-1)?.name;
}
