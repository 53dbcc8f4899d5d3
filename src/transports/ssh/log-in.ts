import type { Duplex } from 'node:stream';
import type { Client, ServerHostKeyAlgorithm } from 'ssh2';
import type { Credentials } from './credentials.ts';
import {
  authError,
  connectError,
  handshakeError,
  type Place,
  resetError,
  silentError,
  slowLoginError,
} from './errors.ts';

export interface LogInOptions {
  readonly credentials: Credentials;
  /** For the whole way from the first byte to the end of the login. */
  readonly timeoutMs: number;
  readonly keepaliveMs: number;
  readonly keepaliveMax: number;
  readonly compress: boolean;
  readonly forwardAgent: boolean;
  /** Types of the host keys that are known: the server is asked for one of these first. */
  readonly keyTypes: readonly string[];
  /** Says what is wrong with a host key; undefined when it is right. */
  readonly judgeHostKey: (key: Buffer) => Promise<Error | undefined>;
  readonly signal: AbortSignal;
}

/**
 * Logs in over a connection that is there. Throws a GalleyError whose code says at which point it failed:
 * `ssh.reset`, `ssh.silent`, `ssh.login_timed_out`, `ssh.not_ssh`, `ssh.no_common_algorithm`, `ssh.handshake_failed`, what `judgeHostKey` gives,
 * `ssh.auth_failed`.
 */
export async function logIn(sock: Duplex, place: Place, options: LogInOptions): Promise<Client> {
  const ssh2 = (await import('ssh2')).default;
  const client = new ssh2.Client();
  const { credentials, signal } = options;
  const waiting = credentials.list.map((one) => one);
  const tried: string[] = [];
  let accepts: readonly string[] = [];
  let wrongKey: Error | undefined;
  let isAgreed = false;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const heard = firstWords(sock);

  const explain = (error: Error & { readonly level?: string; readonly code?: unknown }): Error => {
    if (wrongKey !== undefined) return wrongKey;
    const unused = credentials.unused;
    if (error.level === 'client-timeout' && heard() !== '')
      return slowLoginError(place, options.timeoutMs / 1000, tried);
    if (error.level === 'client-authentication' || (isAgreed && tried.length > 0))
      return authError(place, { tried, unused, accepts, cause: error });
    if (error.level === 'client-timeout' && heard() === '')
      return silentError(place, options.timeoutMs / 1000);
    if (error.code === 'EPROXY') return connectError(place, error as NodeJS.ErrnoException);
    if (heard() === '') return resetError(place, error);
    return handshakeError(place, error, heard());
  };
  const onAbort = (): void => reject(signal.reason as Error);
  signal.throwIfAborted();
  if (sock.destroyed || sock.readableEnded) throw resetError(place);
  signal.addEventListener('abort', onAbort, { once: true });
  client.once('ready', resolve);
  client.once('handshake', () => {
    isAgreed = true;
  });
  client.on('error', (error) => reject(explain(error)));
  client.once('close', () => reject(explain(new Error('the connection was closed'))));
  client.connect({
    sock,
    username: place.username,
    readyTimeout: options.timeoutMs,
    keepaliveInterval: options.keepaliveMs,
    keepaliveCountMax: options.keepaliveMax,
    hostVerifier: (key: Buffer, verify: (isRight: boolean) => void) => {
      options.judgeHostKey(key).then(
        (wrong) => {
          wrongKey = wrong;
          verify(wrong === undefined);
        },
        (error: Error) => {
          wrongKey = error;
          verify(false);
        },
      );
    },
    ...(credentials.agent !== undefined &&
      options.forwardAgent && { agent: credentials.agent, agentForward: true }),
    algorithms: {
      ...(options.compress && { compress: ['zlib@openssh.com', 'zlib', 'none'] }),
      ...(options.keyTypes.length > 0 && {
        serverHostKey: { ...NOTHING, prepend: algorithmsOf(options.keyTypes) },
      }),
    },
    authHandler: (left, _partial, next) => {
      // Only the first call comes before the server has said what it accepts.
      if (!left) return next({ type: 'none', username: place.username });
      accepts = left;
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
        if (!(left as readonly string[]).includes(one.method)) continue;
        tried.push(one.label);
        return next(one.auth(place.username));
      }
      return next(false as never);
    },
  });
  try {
    await promise;
    client.removeAllListeners('error');
    client.removeAllListeners('close');
    // An error between this moment and the caller's first listener would end the process.
    client.on('error', () => undefined);
    return client;
  } catch (error) {
    client.removeAllListeners('error');
    client.on('error', () => undefined);
    client.destroy();
    sock.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Copies the beginning of what arrives without taking it from whoever reads. */
function firstWords(sock: Duplex): () => string {
  const early = sock.read() as Buffer | null;
  if (early !== null) sock.unshift(early);
  let head = early === null ? Buffer.alloc(0) : Buffer.from(early);
  const push = sock.push.bind(sock);
  sock.push = (chunk: Buffer | null, encoding?: BufferEncoding): boolean => {
    if (chunk !== null && head.length < WORDS) head = Buffer.concat([head, chunk]);
    return push(chunk, encoding);
  };
  return () => head.subarray(0, WORDS).toString('latin1');
}

const WORDS = 255;

const NOTHING = { append: [], remove: [] };

function algorithmsOf(types: readonly string[]): ServerHostKeyAlgorithm[] {
  return types.flatMap((type) =>
    type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type],
  ) as ServerHostKeyAlgorithm[];
}
