import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import { LABEL } from '../../src/docker/labels.ts';
import type { Ec2Config } from './config.ts';
import { describe, LIVE, type Session } from './session.ts';
import { tagFilters, tagMap } from './tags.ts';

/** Instances of kitchens that this process is making or has made. */
const taken = new Map<string, Set<string>>();

/** Takes a place for a machine below `max_instances`, which `freePlace` gives back. Throws `ec2.too_many`. */
export async function takePlace(session: Session, ctx: ActionContext<Ec2Config>): Promise<void> {
  const { config, instance, ownership } = ctx;
  const { maxInstances } = config;
  if (maxInstances === undefined) return;
  const places = taken.get(ctx.root) ?? new Set();
  taken.set(ctx.root, places.add(instance.name));
  const live = await describe(session, 'count the machines of this kitchen', [
    ...tagFilters({ project: ownership.project }),
    { Name: 'instance-state-name', Values: LIVE.filter((state) => state !== 'shutting-down') },
  ]);
  const names = new Set([...places, ...live.map((one) => tagMap(one.Tags)[LABEL.instance] ?? '')]);
  if (names.size <= maxInstances) return;
  places.delete(instance.name);
  throw new GalleyError({
    code: 'ec2.too_many',
    kind: 'infrastructure',
    message: `${instance.name}: ${maxInstances} machines of this kitchen are there or being made already`,
    expected: `at most max_instances: ${maxInstances}`,
    hint: 'galley destroy others first, run with less --concurrency, or raise max_instances:',
  });
}

export function freePlace(ctx: Pick<ActionContext, 'root' | 'instance'>): void {
  taken.get(ctx.root)?.delete(ctx.instance.name);
}
