import type { Verifier } from '../../src/core/verifier.ts';
import { judgeDns } from './judge.ts';
import { type DnsFacts, observeDns } from './observe.ts';
import { type DnsSpec, dnsSpec } from './schema.ts';

export const dnsVerifier: Verifier<DnsSpec, DnsFacts> = {
  name: 'dns',
  description: 'a name as programs on the instance resolve it, or records of a name server',
  spec: dnsSpec,
  repeatable: false,
  title: (spec) => {
    const from = spec.from === undefined || spec.from === 'instance' ? '' : ` from ${spec.from}`;
    const type = spec.type === undefined ? '' : ` ${spec.type}`;
    return `dns ${spec.dns}${type}${from}${spec.resolves === false ? ' does not resolve' : ''}`;
  },
  companions: ({ from }) => (from === undefined || from === 'instance' || from === 'host' ? [] : [from]),
  needs: () => ({}),
  observe: observeDns,
  judge: judgeDns,
};
