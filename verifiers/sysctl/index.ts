import { sysctlNamed } from '../../src/checks/probe/system/sysctls.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { judgeSysctl, type SysctlFacts } from './judge.ts';
import { type SysctlSpec, sysctlSpec } from './schema.ts';
import { writtenIn } from './written.ts';

export const sysctlVerifier: Verifier<SysctlSpec, SysctlFacts> = {
  name: 'sysctl',
  description: 'a kernel parameter in force, from /proc/sys',
  spec: sysctlSpec,
  repeatable: false,
  title: (spec) => `sysctl ${spec.sysctl}${spec.exists === false ? ' does not exist' : ''}`,
  needs: (spec) => ({ sysctls: [spec.sysctl] }),
  async observe(spec, { snapshot }) {
    const fact = sysctlNamed(snapshot.sysctls ?? [], spec.sysctl);
    if (!fact) throw new Error(`${spec.sysctl} was not read`);
    return { fact, via: snapshot.via };
  },
  judge: judgeSysctl,
  explain: async (spec, { fact }, probe) =>
    fact.exists && spec.exists !== false ? writtenIn(spec.sysctl, probe) : [],
};
