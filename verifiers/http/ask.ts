import { isAskedInside } from '../../src/checks/asked-inside.ts';
import { fill, newTokens, type Tokens } from '../../src/checks/tokens.ts';
import type { Connection } from '../../src/core/transport.ts';
import type { Probe } from '../../src/core/verifier.ts';
import type { Exchange, Hop, Outcome } from './exchange.ts';
import type { KeptConnections } from './kept-connections.ts';
import { requestFromHost } from './request-from-host.ts';
import { requestFromInstance } from './request-from-instance.ts';
import { type HttpSpec, urlText } from './schema.ts';
import { isInstance, portOf, resolvedBy, targetOf } from './target.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_REDIRECTS = 10;

/** What requests of one check share. */
export interface Means {
  /** Bytes of a body that are kept. */
  readonly keptBytes: number;
  /** Connections that stay open, for requests from here. */
  readonly kept?: KeptConnections | undefined;
  /** Runs what asks on the instance; default: as the connection does. */
  readonly execute?: Connection['execute'] | undefined;
}

/** One request with its redirects. Throws when it could not be made at all. */
export async function ask(spec: HttpSpec, probe: Probe, n: number, means: Means): Promise<Exchange> {
  const tokens = newTokens();
  const first = new URL(fill(urlText(spec), tokens));
  const deadline = performance.now() + (spec.timeout ?? DEFAULT_TIMEOUT_MS);
  const redirects: string[] = [];
  let hop = firstHop(spec, first, tokens, probe, means.keptBytes);
  for (;;) {
    const timeoutMs = Math.max(1, Math.round(deadline - performance.now()));
    const seen = await oneHop({ ...hop, timeoutMs }, spec, probe, means);
    const done = (outcome: Outcome): Exchange => ({
      n,
      tokens,
      url: first.href,
      redirects,
      ...seen,
      outcome,
    });
    const next = spec.followRedirects ? redirectOf(hop, seen.outcome) : undefined;
    if (!next) return done(seen.outcome);
    if (redirects.length >= (spec.maxRedirects ?? DEFAULT_REDIRECTS)) {
      const text = `still redirected after ${redirects.length} redirects, now to ${next.url.href}`;
      return done({ kind: 'none', error: 'redirects', text, totalMs: seen.outcome.totalMs });
    }
    redirects.push(next.url.href);
    hop = { ...next, headers: headersAfter(hop, next.url, spec) };
  }
}

function firstHop(spec: HttpSpec, url: URL, tokens: Tokens, probe: Probe, keptBytes: number): Hop {
  const { request } = spec;
  const given = Object.entries(fill(request?.headers ?? {}, tokens)).map(([key, value]) => [
    key.toLowerCase(),
    value,
  ]);
  const json = request?.json === undefined ? undefined : JSON.stringify(fill(request.json, tokens));
  const login =
    url.username === ''
      ? undefined
      : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return {
    url: bare,
    method: spec.method ?? 'GET',
    headers: {
      host: spec.host ?? url.host,
      'user-agent': 'galley',
      accept: '*/*',
      ...(login !== undefined && { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(Object.fromEntries(given) as Record<string, string>),
    },
    body: json ?? (request?.body === undefined ? undefined : fill(request.body, tokens)),
    timeoutMs: 0,
    insecure: spec.insecure ?? false,
    keptBytes,
    signal: probe.signal,
  };
}

async function oneHop(
  hop: Hop,
  spec: HttpSpec,
  probe: Probe,
  { kept, execute }: Means,
): Promise<Pick<Exchange, 'outcome' | 'source' | 'address' | 'isInside' | 'isPublished'>> {
  const isFromHost = (spec.from ?? 'host') === 'host';
  if (!isFromHost || (isInstance(hop.url, spec) && isAskedInside(probe, portOf(hop.url)))) {
    const from = isFromHost ? 'instance' : spec.from;
    if (kept)
      throw new Error('connection: reuse needs a way to the port from here, as transport: ssh has it');
    const inside = insideOf(hop, { ...spec, from }, probe, { execute, isForHost: isFromHost });
    const { outcome, by } = await requestFromInstance(inside.hop, inside.execute, inside.place);
    const address = `${inside.hop.url.hostname}:${portOf(hop.url)}`;
    return { outcome, source: `${hop.method} by ${by}`, address, isInside: true, isPublished: false };
  }
  const target = targetOf(hop.url, spec, probe.address);
  const outcome = await requestFromHost(hop, target, kept);
  const address = `${target.host}:${target.port}`;
  const source = `${hop.method} from here to ${address}`;
  return { outcome, source, address, isInside: false, isPublished: target.isPublished };
}

/** The next hop of a redirect (RFC 9110, 15.4): 303, and 301 or 302 after a POST, ask again with GET. */
function redirectOf(hop: Hop, outcome: Outcome): Hop | undefined {
  if (outcome.kind !== 'answer' || ![301, 302, 303, 307, 308].includes(outcome.status)) return undefined;
  const location = outcome.headers['location']?.[0];
  if (location === undefined || !URL.canParse(location, hop.url.href)) return undefined;
  const url = new URL(location, hop.url.href);
  if (!/^https?:$/.test(url.protocol)) return undefined;
  const isGet = outcome.status === 303 || (outcome.status < 303 && hop.method === 'POST');
  return isGet && hop.method !== 'HEAD' ? { ...hop, url, method: 'GET', body: undefined } : { ...hop, url };
}

/** Another host gets neither our Host header nor our credentials. */
function headersAfter(hop: Hop, url: URL, spec: HttpSpec): Hop['headers'] {
  const isSame = url.host === hop.url.host || (isInstance(url, spec) && isInstance(hop.url, spec));
  const { host, authorization, cookie, ...rest } = hop.headers;
  const kept: Record<string, string> = isSame
    ? {
        ...rest,
        ...(authorization !== undefined && { authorization }),
        ...(cookie !== undefined && { cookie }),
      }
    : rest;
  return { ...kept, host: isSame && spec.host !== undefined && host !== undefined ? host : url.host };
}

/** Who asks from inside, and the hop as it looks from there: to a companion the instance is a host with a name. */
function insideOf(
  hop: Hop,
  spec: HttpSpec,
  { connection, around }: Probe,
  how: { readonly execute: Connection['execute'] | undefined; readonly isForHost: boolean },
): { readonly hop: Hop; readonly execute: Connection['execute']; readonly place: string } {
  const resolved = resolvedBy(hop.url, spec);
  if (spec.from === 'instance') {
    // As a request from here that is led there, which ends at the loopback.
    const connectTo = resolved === 'instance' || how.isForHost ? '127.0.0.1' : resolved;
    const execute = how.execute ?? connection.execute.bind(connection);
    return { hop: { ...hop, connectTo }, execute, place: 'inside the instance' };
  }
  const companion = around?.companions.get(spec.from ?? '');
  if (!around || !companion) throw new Error(`the service ${spec.from} was not started`);
  const execute = companion.execute.bind(companion);
  const place = `in ${spec.from}`;
  if (!isInstance(hop.url, spec)) return { hop: { ...hop, connectTo: resolved }, execute, place };
  // Its name keeps its meaning for TLS and virtual hosts; localhost there would be the companion itself.
  if (resolved !== undefined) return { hop: { ...hop, connectTo: around.instance }, execute, place };
  const url = new URL(hop.url);
  url.hostname = around.instance;
  const isOwnHost = hop.headers['host'] === hop.url.host;
  const headers = isOwnHost ? { ...hop.headers, host: url.host } : hop.headers;
  return { hop: { ...hop, url, headers }, execute, place };
}
