import type { Verifier } from '../../src/core/verifier.ts';
import { type InterfaceFacts, judgeInterface } from './judge.ts';
import { type InterfaceSpec, interfaceSpec } from './schema.ts';

export const interfaceVerifier: Verifier<InterfaceSpec, InterfaceFacts> = {
  name: 'interface',
  description: 'a network interface: addresses, MTU, switched on',
  spec: interfaceSpec,
  repeatable: false,
  title: (spec) => `interface ${spec.interface}${spec.exists === false ? ' does not exist' : ''}`,
  needs: () => ({ network: true }),
  async observe(_spec, { snapshot }) {
    const { interfaces, via } = snapshot;
    if (!interfaces) throw new Error('the interfaces were not read');
    return { interfaces, via };
  },
  judge: judgeInterface,
};
