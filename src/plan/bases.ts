import { GalleyError, GalleyErrors } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import { locationOf } from './location-of.ts';
import type { Plugins } from './plugins.ts';
import { type ResolvedInstance, resolveInstances } from './resolve.ts';

/** Instances by name that the given ones start from, those that these start from, and so on. */
function basesOf(
  selected: readonly InstanceConfig[],
  all: readonly InstanceConfig[],
): readonly InstanceConfig[] {
  const byName = new Map(all.map((config) => [config.instance.name, config]));
  const found = new Map<string, InstanceConfig>();
  const queue = [...selected];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const base = next.from && byName.get(next.from.instance);
    if (!base || found.has(base.instance.name)) continue;
    found.set(base.instance.name, base);
    queue.push(base);
  }
  return [...found.values()];
}

/**
 * The bases of the given instances, resolved for a converge; throws every finding at once. A base must be made by the
 * same driver, which can take snapshots, from the same image: another image under `from` would have no effect.
 */
export function resolveBases(
  selected: readonly ResolvedInstance[],
  all: readonly InstanceConfig[],
  plugins: Plugins,
): ReadonlyMap<string, ResolvedInstance> {
  const configs = basesOf(
    selected.map((one) => one.config),
    all,
  );
  const bases = resolveInstances(configs, plugins, new Set(['create', 'converge', 'destroy']));
  const byName = new Map(bases.map((base) => [base.instance.name, base]));
  const errors = [...bases, ...selected].flatMap((one) => {
    const base = byName.get(one.config.from?.instance ?? '');
    return base ? (misfit(one, base) ?? []) : [];
  });
  const distinct = [
    ...new Map(errors.map((error) => [JSON.stringify([error.message, error.location]), error])).values(),
  ];
  const [only] = distinct;
  if (only && distinct.length === 1) throw only;
  if (only) throw new GalleyErrors(distinct);
  return byName;
}

function misfit(one: ResolvedInstance, base: ResolvedInstance): GalleyError | undefined {
  const names = `${one.instance.name} starts from ${base.instance.name}`;
  if (one.driver !== base.driver)
    return fault(
      one,
      `${names}, which another driver makes`,
      `${one.driver.name} for both`,
      base.driver.name,
      'give both suites the same driver',
    );
  if (!one.driver.snapshots)
    return fault(
      one,
      `${names}, but the driver ${one.driver.name} takes no snapshots`,
      undefined,
      undefined,
      'use driver: docker',
    );
  const [own, other] = [one, base].map((each) => each.driver.image?.(each.instance, each.driverConfig));
  if (own === other) return undefined;
  return fault(
    one,
    `${names}, which is made from another image: its own would have no effect`,
    other,
    own,
    `remove the image of the suite ${one.instance.suite}, or its \`from\``,
  );
}

function fault(
  { config }: ResolvedInstance,
  message: string,
  expected: string | undefined,
  got: string | undefined,
  hint: string,
): GalleyError {
  return new GalleyError({
    code: 'config.unfit_base',
    kind: 'config',
    message,
    ...locationOf(config, ['from']),
    ...(expected !== undefined && { expected }),
    ...(got !== undefined && { got }),
    hint,
  });
}
