import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { CappedBuffer } from '../../core/capped-buffer.ts';
import { quote } from '../../core/shell-words.ts';
import { connectError, type Place, placeName } from './errors.ts';

/** A TCP connection. Throws `ssh.refused`, `ssh.timed_out`, `ssh.no_route`, `ssh.no_such_host`, or the abort's reason. */
export function openSocket(
  place: Pick<Place, 'host' | 'port'>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host: place.host, port: place.port, noDelay: true });
    const limit = setTimeout(() => {
      const late = new Error(`no answer within ${timeoutMs / 1000} s`);
      end(connectError(place, Object.assign(late, { code: 'ETIMEDOUT' })));
    }, timeoutMs);
    const onAbort = (): void => end(signal.reason as Error);
    const end = (error?: Error): void => {
      clearTimeout(limit);
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      // Until somebody else listens; whoever comes too late finds it destroyed.
      socket.on('error', () => undefined);
      if (error === undefined) return resolve(socket);
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error): void => end(connectError(place, firstOf(error)));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once('connect', () => end());
  });
}

/** Of a name with several addresses Node gives one error that holds them all. */
function firstOf(error: Error): NodeJS.ErrnoException {
  return error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error;
}

export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** A connection through an HTTP proxy's CONNECT (RFC 9110, 9.3.6). */
export async function throughHttpProxy(
  proxy: HttpProxy,
  place: Place,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Duplex> {
  const socket = await openSocket(proxy, timeoutMs, signal);
  const name = placeName(place);
  const secret = Buffer.from(`${proxy.user ?? ''}:${proxy.password ?? ''}`).toString('base64');
  const login = proxy.user === undefined ? '' : `Proxy-Authorization: Basic ${secret}\r\n`;
  socket.write(`CONNECT ${name} HTTP/1.1\r\nHost: ${name}\r\n${login}\r\n`);
  let head = Buffer.alloc(0);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const refuse = (why: string): void =>
    reject(
      connectError(place, Object.assign(new Error(`proxy ${placeName(proxy)}: ${why}`), { code: 'EPROXY' })),
    );
  const limit = setTimeout(() => refuse(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0 && head.length < 65_536) return;
    socket.pause();
    const status = head.subarray(0, Math.max(0, head.indexOf('\r\n'))).toString('latin1');
    if (end >= 0 && /^HTTP\/1\.[01] 2\d\d/.test(status)) {
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
      resolve();
    } else refuse(status || 'no HTTP answer');
  };
  const onEnd = (): void => refuse('it closed the connection');
  socket.on('data', onData);
  socket.once('end', onEnd);
  socket.once('error', onEnd);
  try {
    await promise;
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(limit);
    socket.removeListener('data', onData);
    socket.removeListener('end', onEnd);
  }
}

/** What is kept of the words of a command, bytes. */
const COMPLAINTS = 2000;

export interface CommandSocket {
  readonly sock: Duplex;
  /** Resolves with what is wrong when the command has ended by itself with an error. */
  readonly failed: Promise<Error | undefined>;
}

/** A local command whose input and output lead to the machine: `%h`, `%p`, `%r` and `%%` are filled in. */
export function throughCommand(
  command: string,
  place: Place,
  env: Readonly<Record<string, string | undefined>>,
): CommandSocket {
  const words: Readonly<Record<string, string>> = {
    '%h': quote(place.host),
    '%p': String(place.port),
    '%r': quote(place.username),
    '%%': '%',
  };
  const line = command.replaceAll(/%[hpr%]/g, (one) => words[one] ?? one);
  const child = spawn('/bin/sh', ['-c', line], { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const complaints = new CappedBuffer(COMPLAINTS);
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  child.stdin.on('error', () => undefined);
  const sock = Duplex.from({ readable: child.stdout, writable: child.stdin });
  sock.on('error', () => undefined);
  // A group of its own, so that what the shell started ends with it.
  sock.once('close', () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  });
  const failed = new Promise<Error | undefined>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => {
      const said = complaints.toString().trim();
      const why = `the proxy command ended with exit code ${code}${said ? `: ${said}` : ''}`;
      resolve(code === 0 || code === null ? undefined : Object.assign(new Error(why), { code: 'EPROXY' }));
    });
  });
  return { sock, failed };
}
