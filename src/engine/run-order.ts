import type { ResolvedInstance } from '../plan/resolve.ts';
import { readDurations } from '../state/history.ts';
import type { BaseSnapshots } from './bases.ts';
import { neededBases } from './plan-bases.ts';
import type { RunContext } from './run-context.ts';
import type { Command } from './run-instance.ts';
import { longestFirst, type Room } from './scheduler.ts';

/** Something to start when it is its turn and its gate is open. */
export interface Item {
  readonly gate: Promise<unknown> | undefined;
  readonly room?: Room | undefined;
  readonly start: () => Promise<void>;
}

interface Named {
  readonly name: string;
  readonly resolved: ResolvedInstance;
}

type RunOne = (resolved: ResolvedInstance) => Promise<void>;

/**
 * Bases first: for each that instances wait for, its snapshot is looked for or made, and it is run itself when it gives
 * one on its way. Then the others, the longest first; those that wait for a base are passed over until it is there.
 */
export async function itemsInOrder(
  run: RunContext,
  named: readonly Named[],
  command: Command,
  bases: BaseSnapshots,
  runOne: RunOne,
): Promise<readonly Item[]> {
  const needed = await neededBases(
    named.map(({ resolved }) => resolved),
    command,
    run.store,
  );
  for (const { name, gives } of needed) bases.expect(name, gives);
  const itemOf = ({ resolved }: Named): Item => ({
    gate: bases.gate(resolved.config.from?.instance),
    room: roomOf(resolved),
    start: () => runOne(resolved),
  });
  const first = needed.flatMap(({ name, gives }): readonly Item[] => {
    const base = run.baseInstances?.get(name);
    const gate = bases.gate(base?.config.from?.instance);
    const priming = { gate, room: base && roomOf(base), start: () => bases.prime(run, name) };
    return [priming, ...named.filter((one) => gives && one.name === name).map(itemOf)];
  });
  const giving = new Set(needed.filter(({ gives }) => gives).map(({ name }) => name));
  const rest = named.filter(({ name }) => !giving.has(name));
  return [...first, ...longestFirst(rest, await readDurations(run.store.dir)).map(itemOf)];
}

/** What starts from a base goes before it, so that no machine needs its snapshot any more. */
export function destroyItems(named: readonly Named[], runOne: RunOne): readonly Item[] {
  const ends = new Map(named.map(({ name }) => [name, Promise.withResolvers<void>()]));
  return named.map(({ name, resolved }) => {
    const dependants = named.filter((one) => one.resolved.config.from?.instance === name);
    const waits = dependants.flatMap((one) => ends.get(one.name)?.promise ?? []);
    return {
      gate: waits.length === 0 ? undefined : Promise.all(waits),
      room: roomOf(resolved),
      start: () => runOne(resolved).finally(() => ends.get(name)?.resolve()),
    };
  });
}

/** All instances of a driver count, also those whose settings have no limit. */
function roomOf({ driver, driverConfig }: ResolvedInstance): Room {
  const atMost = driver.concurrency?.(driverConfig) ?? Number.POSITIVE_INFINITY;
  return { group: driver.name, atMost };
}
