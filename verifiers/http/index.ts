import type { Verifier } from '../../src/core/verifier.ts';
import { judgeHttp } from './judge.ts';
import { type HttpFacts, httpNeeds, observeHttp, requestTitle } from './observe.ts';
import { refuseHttpRepeat } from './refuse-repeat.ts';
import { type HttpSpec, httpSpec } from './schema.ts';
import { hostPorts } from './target.ts';

export const httpVerifier: Verifier<HttpSpec, HttpFacts> = {
  name: 'http',
  description:
    'an HTTP request from here or from inside: status, headers, cookies, body, JSON, TLS, times, repeated under load',
  spec: httpSpec,
  repeatable: true,
  title: (spec) => `http ${requestTitle(spec)}`,
  hostPorts,
  companions: ({ from = 'host' }) => (from === 'host' || from === 'instance' ? [] : [from]),
  needs: httpNeeds,
  observe: observeHttp,
  judge: judgeHttp,
  explain: async (...given) => (await import('./server-log.ts')).serverLog(...given),
  refuseRepeat: refuseHttpRepeat,
};
