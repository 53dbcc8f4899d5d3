import type { Verifier } from '../../src/core/verifier.ts';
import { judgeCert } from './judge.ts';
import { type CertFacts, certNeeds, hostPorts, observeCert } from './observe.ts';
import { type CertSpec, certSpec } from './schema.ts';

export const certVerifier: Verifier<CertSpec, CertFacts> = {
  name: 'cert',
  description: 'a certificate in a file or of a TLS server: names, issuer, days left, its key, its chain',
  spec: certSpec,
  repeatable: false,
  title: (spec) => `cert ${spec.cert}${spec.from === 'instance' ? ' from the instance' : ''}`,
  hostPorts,
  needs: certNeeds,
  observe: observeCert,
  judge: judgeCert,
};
