import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { classifyError } from './classify-error.ts';
import { decodeBody } from './decode-body.ts';
import type { Hop, Outcome } from './exchange.ts';
import type { KeptConnections } from './kept-connections.ts';
import type { Target } from './target.ts';
import { type TlsFacts, watchedConnector } from './tls-facts.ts';

/** A body larger than this is not read to its end. */
const MOST_READ = 16 * 1024 * 1024;

/**
 * One request, over a connection of its own unless it is given kept ones. Throws only for what no server can cause,
 * and when aborted.
 */
export async function requestFromHost(hop: Hop, target: Target, kept?: KeptConnections): Promise<Outcome> {
  const { Client } = await import('undici');
  const { url } = hop;
  const name = (hop.headers['host'] ?? url.hostname).replace(/:\d+$/, '');
  const host = isIP(target.host) === 6 ? `[${target.host}]` : target.host;
  const origin = `${url.protocol}//${host}:${target.port}`;
  const tls = { rejectUnauthorized: !hop.insecure, ...(isIP(name) === 0 && { servername: name }) };
  let told: TlsFacts | undefined;
  const connect = await watchedConnector(tls, (facts) => {
    told = facts;
  });
  // Our own timer bounds the whole exchange.
  const own = { headersTimeout: 0, bodyTimeout: 0, connect };
  const client = kept ? await kept.to(origin, tls) : new Client(origin, own);
  const startedAt = performance.now();
  const timeout = AbortSignal.timeout(hop.timeoutMs);
  let isAnswered = false;
  try {
    const response = await client.request({
      method: hop.method,
      path: `${url.pathname}${url.search}`,
      headers: { ...hop.headers },
      body: hop.body ?? null,
      reset: kept === undefined,
      signal: AbortSignal.any([hop.signal, timeout]),
    });
    isAnswered = true;
    const firstMs = performance.now() - startedAt;
    const headers = allValues(response.headers);
    const body = await readBody(response.body, headers, hop.keptBytes);
    return {
      kind: 'answer',
      status: response.statusCode,
      headers,
      ...body,
      firstMs,
      tls: kept ? kept.tlsOf(origin, tls) : told,
      totalMs: performance.now() - startedAt,
    };
  } catch (error) {
    hop.signal.throwIfAborted();
    const totalMs = performance.now() - startedAt;
    if (timeout.aborted) {
      const text = `${isAnswered ? 'no end of the body' : 'no answer'} within ${hop.timeoutMs} ms`;
      return { kind: 'none', error: 'timeout', text, totalMs };
    }
    const known = classifyError(error);
    if (!known) throw error;
    const isBroken = isAnswered && known.error === 'reset';
    return { kind: 'none', error: isBroken ? 'aborted' : known.error, text: known.text, totalMs };
  } finally {
    if (!kept) void client.destroy();
  }
}

async function readBody(
  stream: Readable,
  headers: Readonly<Record<string, readonly string[]>>,
  keptBytes: number,
): Promise<Pick<Extract<Outcome, { kind: 'answer' }>, 'body' | 'unread' | 'size' | 'keptBytes'>> {
  const kept: Buffer[] = [];
  let size = 0;
  let room = keptBytes;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (room > 0) kept.push(chunk.subarray(0, room));
    room -= chunk.length;
    if (size > MOST_READ) break;
  }
  const bytes = Buffer.concat(kept);
  const body = await decodeBody(bytes, headers, keptBytes, size > bytes.length);
  return { body: body.text, unread: body.unread, size, keptBytes: body.keptBytes };
}

function allValues(headers: IncomingHttpHeaders): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      value === undefined ? [] : [value].flat(),
    ]),
  );
}
