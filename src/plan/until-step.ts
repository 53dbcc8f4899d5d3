import { didYouMean } from '../core/did-you-mean.ts';
import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';

/** The instances whose suite has this step, in config order; all of them without one. Throws `usage.no_such_step`. */
export function withStep(
  instances: readonly InstanceConfig[],
  step: string | undefined,
): readonly InstanceConfig[] {
  if (step === undefined) return instances;
  const stepsOf = (config: InstanceConfig): readonly string[] => (config.steps ?? []).map(({ name }) => name);
  const left = instances.filter((config) => stepsOf(config).includes(step));
  if (left.length > 0) return left;
  const known = [...new Set(instances.flatMap(stepsOf))];
  const guess = didYouMean(step, known);
  throw new GalleyError({
    code: 'usage.no_such_step',
    kind: 'usage',
    message: `no selected instance has the step '${step}'`,
    got: step,
    expected:
      known.length === 0 ? 'no suite of the selected instances has steps' : `one of ${known.join(', ')}`,
    hint: guess ? `did you mean '${guess}'?` : 'steps are listed under `steps:` of a suite',
  });
}
