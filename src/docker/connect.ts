import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import { GalleyError } from '../core/errors.ts';
import { type Candidate, candidates, type Env } from './addresses.ts';

/** What the engine says of itself, as far as decisions depend on it. */
export interface EngineInfo {
  /** Stable identity of the engine's data, also after a restart. */
  readonly id: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly cgroupVersion: 1 | 2;
  readonly cgroupDriver: string;
  readonly storageDriver: string;
  readonly ostype: string;
  /** As the engine reports it: `x86_64`, `aarch64`. */
  readonly arch: string;
  readonly isRootless: boolean;
  /** e.g. `name=seccomp,profile=default` */
  readonly securityOptions: readonly string[];
}

/** A connected engine. */
export interface Engine {
  readonly docker: Dockerode;
  /** In the form of DOCKER_HOST; `connectTo` accepts it. */
  readonly address: string;
  /** Whether the engine's host is this machine (a unix socket). */
  readonly isLocal: boolean;
  readonly info: EngineInfo;
}

const PING_TIMEOUT_MS = 5000;
const connected = new Map<string, Promise<Engine>>();

/**
 * Finds the engine as the docker CLI would (see `candidates`) and asks it for its properties; once per process and
 * address. Throws `docker.permission` or `docker.unreachable` (infrastructure) naming every address that was tried.
 */
export async function connectEngine(
  env: Env,
  signal?: AbortSignal,
  timeoutMs: number = PING_TIMEOUT_MS,
): Promise<Engine> {
  const found = candidates(env, process.getuid?.());
  const failures: Failure[] = [];
  for (const candidate of found) {
    try {
      return await memoised(candidate, env, signal, timeoutMs);
    } catch (error) {
      signal?.throwIfAborted();
      failures.push({ candidate, error });
    }
  }
  throw unreachable(failures);
}

/** Connects again to an address that an earlier process recorded. Certificates and ssh agent come from `env`. */
export async function connectTo(address: string, env: Env, signal?: AbortSignal): Promise<Engine> {
  const candidate = candidates(env, process.getuid?.()).find((one) => one.address === address) ?? {
    address,
    origin: 'recorded address',
  };
  try {
    return await memoised(candidate, env, signal, PING_TIMEOUT_MS);
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable([{ candidate, error }]);
  }
}

function memoised(
  candidate: Candidate,
  env: Env,
  signal: AbortSignal | undefined,
  timeoutMs: number,
): Promise<Engine> {
  const key = `${candidate.address} ${candidate.certPath ?? ''}`;
  const known = connected.get(key);
  if (known) return known;
  const pending = open(candidate, env, signal, timeoutMs);
  connected.set(key, pending);
  pending.catch(() => connected.delete(key));
  return pending;
}

async function open(
  candidate: Candidate,
  env: Env,
  signal: AbortSignal | undefined,
  timeoutMs: number,
): Promise<Engine> {
  const { loadDockerode } = await import('./load-dockerode.ts');
  const Docker = loadDockerode();
  const docker = new Docker(modemOptions(candidate, env));
  const timeout = AbortSignal.timeout(timeoutMs);
  const abort = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const asked = docker as unknown as Abortable;
  const answers = Promise.all([asked.info({ abortSignal: abort }), asked.version({ abortSignal: abort })]);
  const [info, version] = await raced(answers, abort, `no answer within ${timeoutMs / 1000} s`);
  const security: readonly string[] = info.SecurityOptions ?? [];
  return {
    docker,
    address: candidate.address,
    isLocal: candidate.address.startsWith('unix://'),
    info: {
      id: String(info.ID ?? ''),
      version: version.Version,
      apiVersion: version.ApiVersion,
      cgroupVersion: String(info.CgroupVersion ?? '1') === '2' ? 2 : 1,
      cgroupDriver: String(info.CgroupDriver ?? ''),
      storageDriver: String(info.Driver ?? ''),
      ostype: String(info.OSType ?? ''),
      arch: String(info.Architecture ?? ''),
      isRootless: security.some((option) => option.includes('rootless')),
      securityOptions: security,
    },
  };
}

/** Dockerode's calls as they are; its types lack the signal. */
interface Abortable {
  info(options: { abortSignal: AbortSignal }): ReturnType<Dockerode['info']>;
  version(options: { abortSignal: AbortSignal }): Promise<Dockerode.DockerVersion>;
}

/** The signal closes the connection; this also cuts the wait where that takes long (ssh) and says why. */
function raced<T>(work: Promise<T>, signal: AbortSignal, tooLate: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const cut = () => reject(new Error(signal.reason?.name === 'TimeoutError' ? tooLate : 'cancelled'));
    if (signal.aborted) cut();
    signal.addEventListener('abort', cut, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cut));
  });
}

/** Every field is given: docker-modem would fill absent ones from its own reading of the environment. */
function modemOptions(candidate: Candidate, env: Env): Dockerode.DockerOptions {
  const none = { host: undefined, port: undefined, socketPath: undefined, ca: undefined, cert: undefined };
  const url = URL.canParse(candidate.address) ? new URL(candidate.address) : undefined;
  if (url?.protocol === 'unix:') {
    const socketPath = candidate.address.slice('unix://'.length);
    return { ...none, key: undefined, protocol: 'http', socketPath } as unknown as Dockerode.DockerOptions;
  }
  if (url?.protocol === 'ssh:') {
    return {
      ...none,
      key: undefined,
      protocol: 'ssh',
      host: url.hostname,
      port: url.port || 22,
      username: url.username,
      sshOptions: { agent: env['SSH_AUTH_SOCK'] },
    } as unknown as Dockerode.DockerOptions;
  }
  if (url?.protocol !== 'tcp:' && url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Error(candidate.address === '' ? 'no such context' : 'not a unix://, tcp:// or ssh:// address');
  }
  const tls = candidate.tls === true || url.protocol === 'https:';
  const read = (name: string) =>
    candidate.certPath ? readFileSync(join(candidate.certPath, name)) : undefined;
  return {
    ...none,
    protocol: tls ? 'https' : 'http',
    host: url.hostname,
    port: url.port || (tls ? 2376 : 2375),
    ca: tls ? read('ca.pem') : undefined,
    cert: tls ? read('cert.pem') : undefined,
    key: tls ? read('key.pem') : undefined,
  } as unknown as Dockerode.DockerOptions;
}

interface Failure {
  readonly candidate: Candidate;
  readonly error: unknown;
}

function unreachable(failures: readonly Failure[]): GalleyError {
  const details = failures.map(
    ({ candidate, error }) => `${shown(candidate) ?? '?'} (${candidate.origin}): ${reason(error)}`,
  );
  const denied = failures.find(({ error }) => codeOf(error) === 'EACCES');
  if (denied) {
    return new GalleyError({
      code: 'docker.permission',
      kind: 'infrastructure',
      message: `no permission to use the Docker engine at ${denied.candidate.address}`,
      details,
      hint: 'add yourself to its group (`sudo usermod -aG docker $USER`, then log in again), run Galley with sudo, or set up a rootless engine (`dockerd-rootless-setuptool.sh install`)',
      cause: denied.error,
    });
  }
  const first = failures[0];
  return new GalleyError({
    code: 'docker.unreachable',
    kind: 'infrastructure',
    message: `no Docker engine answers at ${failures.map(({ candidate }) => shown(candidate) ?? candidate.origin).join(', ')}`,
    details,
    hint:
      first?.candidate.origin === 'DOCKER_HOST'
        ? 'correct or unset DOCKER_HOST, or start the engine it names'
        : 'start the engine (`sudo systemctl start docker`, or Docker Desktop) or point DOCKER_HOST at one; `docker info` should answer',
    cause: first?.error,
  });
}

/** Without a password that somebody put into it. */
function shown({ address }: Candidate): string | undefined {
  return address === '' ? undefined : address.replace(/(:\/\/[^/@:]*):[^/@]*@/, '$1:…@');
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

function reason(error: unknown): string {
  const file = (error as { path?: unknown } | null)?.path;
  if (typeof file === 'string' && file.endsWith('.pem')) return `${file} (DOCKER_CERT_PATH) cannot be read`;
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'no such socket: the engine is not running or not installed';
    case 'ECONNREFUSED':
      return 'connection refused: nothing listens there';
    case 'EACCES':
      return 'permission denied';
    case 'ENOTFOUND':
      return 'host name not found';
  }
  return error instanceof Error ? error.message : String(error);
}
