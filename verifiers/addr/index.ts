import type { Verifier } from '../../src/core/verifier.ts';
import { judgeAddr } from './judge.ts';
import { type AddrFacts, hostPorts, observeAddr } from './observe.ts';
import { type AddrSpec, addrSpec } from './schema.ts';

export const addrVerifier: Verifier<AddrSpec, AddrFacts> = {
  name: 'addr',
  description:
    'whether an address is reached from the instance, a companion or here; refused, silent and unknown names are told apart',
  spec: addrSpec,
  repeatable: false,
  title: (spec) => {
    const from = spec.from === undefined || spec.from === 'instance' ? '' : ` from ${spec.from}`;
    return `addr ${spec.addr}${from}${spec.reachable === false ? ' not reachable' : ''}`;
  },
  hostPorts,
  companions: ({ from }) => (from === undefined || from === 'instance' || from === 'host' ? [] : [from]),
  needs: () => ({}),
  observe: observeAddr,
  judge: judgeAddr,
};
