import pc from 'picocolors';
import { plural } from '../core/plural.ts';
import type { Command } from '../engine/run-instance.ts';
import { legsFor } from '../plan/legs.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import type { StateStore } from '../state/state-store.ts';
import type { Host } from './host.ts';
import { planLines, planned } from './plan-lines.ts';

/** `--dry-run`: says what would be done and asks neither engine nor registry. */
export async function printPlan(
  command: Command,
  resolved: readonly ResolvedInstance[],
  store: StateStore,
  host: Host,
  json: boolean,
): Promise<number> {
  const end =
    command.verb === 'test' && command.destroyPolicy !== 'never' ? command.destroyPolicy : undefined;
  const plans = await Promise.all(
    resolved.map(async (one) => {
      const state = await store.peek(one.instance.name);
      const legs = legsFor({
        verb: command.verb,
        instance: one.instance.name,
        steps: one.steps.map((step) => step.name),
        reached: state ?? {},
        until: command.until,
      });
      return planned(one, legs, end);
    }),
  );
  if (json) {
    host.stdout.write(`${JSON.stringify(plans, null, 2)}\n`);
    return 0;
  }
  const colors = pc.createColors(host.stdout.color);
  for (const plan of plans) {
    const [name = '', ...rest] = planLines(plan);
    host.stdout.write(`${[colors.bold(name), ...rest].join('\n')}\n`);
  }
  const count = plans.length;
  const made = plans.filter((plan) => plan.actions.includes('create'));
  const hourly = made.reduce((sum, plan) => sum + (plan.price_per_hour ?? 0), 0);
  // Sums of prices such as 0.0104 have tails.
  const unpriced = made.filter((plan) => plan.unpriced.length > 0).length;
  const beside = unpriced === 0 ? '' : ` and the cost of ${unpriced} more`;
  const cost = hourly === 0 ? '' : `, at most ${Number(hourly.toFixed(6))} an hour${beside}`;
  host.stdout.write(`dry run: ${plural(count, 'instance')}${cost}, nothing was made or removed\n`);
  return 0;
}
