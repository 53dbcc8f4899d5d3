import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'ssh2';
import type { SshEndpoint } from '../../core/endpoint.ts';
import { GalleyError } from '../../core/errors.ts';
import { type Credentials, gatherCredentials } from './credentials.ts';
import { connectError, isPassing, notAdmitted, type Place, placeName, tunnelError } from './errors.ts';
import { type HostKeyRule, hostKeyJudge } from './host-keys.ts';
import { logIn } from './log-in.ts';
import type { SshSettings } from './settings.ts';
import { openSocket, throughCommand, throughHttpProxy } from './sockets.ts';
import type { Stop, Way } from './way.ts';

export interface DialOptions {
  readonly settings: SshSettings;
  /** Fingerprints that the driver knows. */
  readonly hostKeys: SshEndpoint['hostKeys'];
  readonly root: string;
  readonly instance: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** One try to log in to the machine, through all bastions. The bastions' connections end with the machine's. */
export async function dial(way: Way, options: DialOptions): Promise<Client> {
  const { settings, signal } = options;
  const timeoutMs = settings.connection_timeout * 1000;
  const all = [...way.stops, way.target];
  const passed: Client[] = [];
  try {
    for (const [at, stop] of all.entries()) {
      const before = passed.at(-1);
      if (!before && way.proxyCommand !== undefined && !way.httpProxy) {
        passed.push(await throughProxyCommand(way.proxyCommand, way, stop, options));
        continue;
      }
      const sock = before
        ? await onwards(before, all[at - 1] ?? stop, stop, timeoutMs, signal)
        : await firstSocket(way, stop, timeoutMs, signal);
      passed.push(await logInAt(sock, stop, stop === way.target, way, options));
    }
  } catch (error) {
    for (const client of passed) client.destroy();
    throw error;
  }
  const target = passed.pop();
  if (target === undefined) throw new Error('a way has a target');
  target.once('close', () => {
    for (const client of passed) client.end();
  });
  return target;
}

function firstSocket(way: Way, stop: Stop, timeoutMs: number, signal: AbortSignal): Promise<Duplex> {
  if (way.httpProxy) return throughHttpProxy(way.httpProxy, stop, timeoutMs, signal);
  return openSocket(stop, timeoutMs, signal);
}

/** A login through a command that has failed is the command's failure. */
async function throughProxyCommand(
  command: string,
  way: Way,
  stop: Stop,
  options: DialOptions,
): Promise<Client> {
  const { sock, failed } = throughCommand(command, stop, options.env);
  try {
    return await logInAt(sock, stop, stop === way.target, way, options);
  } catch (error) {
    const late = sleep(COMMAND_END_MS, undefined, { ref: false });
    const why =
      error instanceof GalleyError && isPassing(error) ? await Promise.race([failed, late]) : undefined;
    if (why === undefined) throw error;
    throw way.isTunnelled ? tunnelError(stop, why) : connectError(stop, why);
  }
}

/** How long a proxy command may take to say why it has closed its output. */
const COMMAND_END_MS = 1000;

/** Reasons of RFC 4254, 5.1. */
const CONNECT_FAILED = 2;

/** A connection that a bastion makes for us. */
function onwards(
  bastion: Client,
  from: Place,
  to: Place,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const fail = (code: string, why: string): void =>
      reject(
        connectError(to, Object.assign(new Error(`${why}, says the bastion ${placeName(from)}`), { code })),
      );
    const limit = setTimeout(fail, timeoutMs, 'ETIMEDOUT', `no answer within ${timeoutMs / 1000} s`);
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    bastion.forwardOut('127.0.0.1', 0, to.host, to.port, (error, channel) => {
      clearTimeout(limit);
      signal.removeEventListener('abort', onAbort);
      if (!error) return resolve(channel);
      const { reason } = error as { readonly reason?: number | string };
      const words = error.message.replace(/^.*?open failed:? ?/i, '');
      if (reason !== CONNECT_FAILED) return fail('EBASTION', words || 'it refuses to forward');
      return fail(/refused/i.test(words) ? 'ECONNREFUSED' : 'EHOSTUNREACH', words);
    });
  });
}

async function logInAt(
  sock: Duplex,
  stop: Stop,
  isTarget: boolean,
  way: Way,
  options: DialOptions,
): Promise<Client> {
  const { settings, signal, root } = options;
  try {
    const judge = await hostKeyJudge({
      place: stop,
      root,
      owner: isTarget ? options.instance : `bastion-${stop.host}`,
      right: rightKeys(isTarget, options),
    });
    const credentials = await credentialsFor(stop, way, options);
    if (isTarget) await admitted(way, credentials);
    return await logIn(sock, stop, {
      credentials,
      timeoutMs: settings.connection_timeout * 1000,
      keepaliveMs: settings.keepalive ? settings.keepalive_interval * 1000 : 0,
      keepaliveMax: settings.keepalive_maxcount,
      compress: settings.compression,
      forwardAgent: isTarget && settings.forward_agent === true,
      keyTypes: judge.keyTypes,
      judgeHostKey: judge.judge,
      signal,
    });
  } catch (error) {
    sock.once('error', () => undefined);
    sock.destroy();
    throw isTarget && way.admission ? notAdmitted(error, way.admission) : error;
  }
}

/** Has the first key let in, where each login needs that; without a key the login itself says what is missing. */
async function admitted({ admission, target }: Way, { list }: Credentials): Promise<void> {
  const publicKey = list.find((one) => one.publicKey !== undefined)?.publicKey;
  if (publicKey !== undefined) await admission?.letIn(publicKey, target.username);
}

/** Lets in whoever logs in beside us with the same key. */
export async function admit(way: Way, options: Pick<DialOptions, 'settings' | 'env'>): Promise<void> {
  if (way.admission) await admitted(way, await credentialsFor(way.target, way, options));
}

function rightKeys(isTarget: boolean, { settings, hostKeys }: DialOptions): HostKeyRule['right'] {
  const wanted = settings.host_key;
  if (wanted === 'ignore') return 'ignore';
  if (!isTarget) return 'first-use';
  if (wanted !== 'first-use') return { fingerprints: wanted, from: 'that transport.host_key names' };
  if (hostKeys === undefined || hostKeys.length === 0) return 'first-use';
  return { fingerprints: hostKeys, from: 'that the driver learnt from the machine' };
}

function credentialsFor(
  stop: Stop,
  way: Way,
  { settings, env }: Pick<DialOptions, 'settings' | 'env'>,
): Promise<Credentials> {
  return gatherCredentials({
    keyFiles: stop.keyFiles,
    password: way.password,
    keysOnly: settings.ssh_key_only === true,
    useAgent: settings.agent,
    env,
  });
}
