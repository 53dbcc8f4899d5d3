import { randomInt } from 'node:crypto';
import { type DialRequest, dialInside } from '../../src/checks/network/dial.ts';
import type { DialAnswer } from '../../src/checks/network/dial-answer.ts';
import { dialFromHost, resolveHere } from '../../src/checks/network/dial-host.ts';
import { dnsQuery, dnsReply, reverseName } from '../../src/checks/network/dns-message.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { type DnsSpec, serverOf } from './schema.ts';

export interface DnsFacts {
  /** False: there is no such name, or it has nothing of this type. */
  readonly resolves: boolean;
  /** Addresses, or records of the type. */
  readonly values: readonly string[];
  readonly aliases: readonly string[];
  readonly ttl: number | undefined;
  readonly latencyMs: number | undefined;
  /** Why it does not resolve, in the resolver's words. */
  readonly words: string | undefined;
  readonly source: string;
}

type Ask = (request: DialRequest) => Promise<{ readonly answer: DialAnswer; readonly by: string }>;

/** Throws when nobody could say whether the name resolves. */
export async function observeDns(spec: DnsSpec, probe: Probe): Promise<DnsFacts> {
  const ask = askFrom(spec, probe);
  return spec.type === undefined ? resolve(spec, ask) : askServer(spec, spec.type, ask);
}

function askFrom(spec: DnsSpec, probe: Probe): Ask {
  const { from = 'instance' } = spec;
  const { signal } = probe;
  if (from === 'host') {
    return async (request) => {
      const answer = await (request.kind === 'resolve'
        ? resolveHere(request.host ?? '')
        : dialFromHost({ ...request, host: await hostServer(request.host) }, signal));
      return { answer, by: 'this machine' };
    };
  }
  const companion = from === 'instance' ? undefined : probe.around?.companions.get(from);
  if (from !== 'instance' && !companion) throw new Error(`the service ${from} was not started`);
  return async (request) => {
    const { answers, by } = await dialInside(companion ?? probe.connection, [request], signal);
    const answer = answers.get(request.id);
    if (!answer) throw new Error('the question was not asked');
    return { answer, by: `${by}${companion ? `, in ${from}` : ''}` };
  };
}

async function hostServer(host: string | undefined): Promise<string> {
  if (host !== 'resolv.conf') return host ?? '';
  const { getServers } = await import('node:dns');
  const [first] = getServers();
  if (first === undefined) throw new Error('this machine has no name server');
  return serverOf(first)?.host ?? first;
}

async function resolve(spec: DnsSpec, ask: Ask): Promise<DnsFacts> {
  const { answer, by } = await ask({ id: 'name', kind: 'resolve', host: spec.dns });
  if (answer.outcome !== 'resolved' && answer.outcome !== 'unresolved')
    throw new Error(`nobody could say whether it resolves: ${answer.words ?? answer.outcome}`);
  return {
    resolves: answer.outcome === 'resolved',
    values: answer.addresses,
    aliases: [],
    ttl: undefined,
    latencyMs: answer.latencyMs,
    words: answer.words,
    source: `getaddrinfo (${by})`,
  };
}

async function askServer(spec: DnsSpec, type: NonNullable<DnsSpec['type']>, ask: Ask): Promise<DnsFacts> {
  const name = type === 'PTR' ? (reverseName(spec.dns) ?? spec.dns) : spec.dns;
  const id = randomInt(65_536);
  const query = dnsQuery(name, type, id);
  const server = spec.server === undefined ? { host: 'resolv.conf', port: 53 } : serverOf(spec.server);
  if (!server) throw new Error(`${spec.server} is no address of a server`);
  const shown = spec.server ?? 'the first server of /etc/resolv.conf';
  const request = { id: 'dns', ...server, ...(spec.timeout !== undefined && { timeoutMs: spec.timeout }) };
  const udp = await ask({ ...request, kind: 'ask', payload: query });
  let reply = replyOf(udp.answer, shown, (message) => dnsReply(message, type, id));
  let { answer } = udp;
  if (reply.isTruncated) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length, 0);
    const tcp = await ask({ ...request, kind: 'tcp', payload: Buffer.concat([length, query]) });
    answer = tcp.answer;
    reply = replyOf(answer, `${shown} over TCP`, (message) => dnsReply(message.subarray(2), type, id));
  }
  if (reply.code !== 'NOERROR' && reply.code !== 'NXDOMAIN')
    throw new Error(`${shown} answered ${reply.code}: that says nothing about the name`);
  const none = reply.code === 'NXDOMAIN' ? 'there is no such name (NXDOMAIN)' : `it has no ${type} record`;
  return {
    resolves: reply.records.length > 0,
    values: reply.records,
    aliases: reply.aliases,
    ttl: reply.ttl,
    latencyMs: answer.latencyMs,
    words: reply.records.length > 0 ? undefined : none,
    source: `${type} of ${name} from ${shown}${answer.addresses[0] && !spec.server ? ` (${answer.addresses[0]})` : ''} (${udp.by})`,
  };
}

const WORDS: Readonly<Record<string, string>> = {
  refused: 'nothing listens there',
  timeout: 'no answer in time',
  unreachable: 'it is unreachable',
  closed: 'it closed the connection',
};

function replyOf<T>(answer: DialAnswer, server: string, read: (message: Buffer) => T): T {
  if (answer.outcome === 'answered' && answer.answer) return read(answer.answer);
  throw new Error(`${server} could not be asked: ${answer.words ?? WORDS[answer.outcome] ?? answer.outcome}`);
}
