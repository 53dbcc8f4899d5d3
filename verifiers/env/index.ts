import { mergeNeeds } from '../../src/checks/merge-needs.ts';
import { chosenProcesses, selectorNeeds } from '../../src/checks/probe/chosen-processes.ts';
import { describeSelector } from '../../src/checks/probe/process-selector.ts';
import type { Probe, Verifier } from '../../src/core/verifier.ts';
import { filesThatMention, pathsOf, unitsOf } from './evidence.ts';
import { type EnvFacts, expectedValue, readings } from './facts.ts';
import { judgeEnv } from './judge.ts';
import { type EnvSpec, envSpec } from './schema.ts';

/** The environment that running processes really have: live, at start, and in the unit. */
export const envVerifier: Verifier<EnvSpec, EnvFacts> = {
  name: 'env',
  description: 'environment of running processes: live value, value at start, value in the unit, URL parts',
  spec: envSpec,
  repeatable: false,
  title: (spec) =>
    `env ${describeSelector(spec.env.of)} ${spec.env.key}${spec.set === false ? ' not set' : ''}`,
  needs: (spec) => {
    const { of, key } = spec.env;
    return mergeNeeds([
      selectorNeeds(of),
      {
        environ: [{ key, names: of.name === undefined ? [] : [of.name], unit: of.unit }],
        ...(of.unit !== undefined && { units: [of.unit] }),
        ...(spec.startedAfter !== undefined && { files: [{ path: spec.startedAfter, content: false }] }),
      },
    ]);
  },
  async observe(spec, probe) {
    const { snapshot } = probe;
    const facts: EnvFacts = {
      processes: chosenProcesses(spec.env.of, snapshot),
      environ: snapshot.environ,
      units: snapshot.units,
      file: snapshot.files.find((one) => one.path === spec.startedAfter),
      mentions: [],
      via: snapshot.via,
    };
    return explained(spec, facts, probe);
  },
  judge: judgeEnv,
};

/** A check that passes needs no more than the snapshot; for one that fails, evidence is looked for. */
async function explained(spec: EnvSpec, facts: EnvFacts, probe: Probe): Promise<EnvFacts> {
  const asksUnit = spec.source === 'unit' || spec.unitValue !== undefined;
  const isFailing = judgeEnv(spec, facts).some((one) => one.outcome === 'fail');
  const read = readings(spec, facts);
  if (read.length === 0 || (!isFailing && !asksUnit)) return facts;
  const selected = read.map((one) => one.process);
  const names = selected.flatMap((one) => one.unit ?? []);
  // Those of the snapshot have no ExecStart, which a failure asks for.
  const isEnough = facts.units.length > 0 && !isFailing;
  const found = isEnough ? [] : await unitsIfKnown(names, probe, asksUnit);
  const units = found.length > 0 ? found : facts.units;
  if (!isFailing) return { ...facts, units };
  const paths = pathsOf(selected, facts.processes, units);
  const mentions = await filesThatMention(spec.env.key, expectedValue(spec), paths, probe);
  return { ...facts, units, mentions };
}

async function unitsIfKnown(
  names: readonly string[],
  probe: Probe,
  isNeeded: boolean,
): Promise<EnvFacts['units']> {
  try {
    return await unitsOf(
      [...new Set(names)].filter((name) => name.endsWith('.service')),
      probe,
    );
  } catch (error) {
    if (isNeeded || probe.signal.aborted) throw error;
    return [];
  }
}
