import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** One place where an engine may answer. */
export interface Candidate {
  /** In the form of DOCKER_HOST: `unix:///path`, `tcp://host:port`, `ssh://user@host`. */
  readonly address: string;
  /** Why it is a candidate, for messages: `DOCKER_HOST`, `context remote`, `default socket`. */
  readonly origin: string;
  /** Folder with ca.pem, cert.pem, key.pem; its presence turns TLS on. */
  readonly certPath?: string;
  /** TLS was asked for (DOCKER_TLS_VERIFY). */
  readonly tls?: boolean;
}

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where to look for an engine, best first, in the order of the docker CLI: DOCKER_HOST, the named or current
 * context, the default socket, then sockets of rootless engines. What the user chose explicitly is the only
 * candidate: falling back to another engine would create things where nobody looks for them.
 */
export function candidates(env: Env, uid: number | undefined): readonly Candidate[] {
  const host = env['DOCKER_HOST'];
  if (host) {
    const tls = Boolean(env['DOCKER_TLS_VERIFY']);
    const certPath = env['DOCKER_CERT_PATH'] ?? (tls ? configFolder(env) : undefined);
    return [{ address: withScheme(host), origin: 'DOCKER_HOST', tls, ...(tls && certPath && { certPath }) }];
  }
  const context = env['DOCKER_CONTEXT'] || currentContext(configFolder(env));
  if (context && context !== 'default') return [contextCandidate(configFolder(env), context)];
  const home = env['HOME'] ?? homedir();
  const runtime = env['XDG_RUNTIME_DIR'] ?? (uid === undefined ? undefined : `/run/user/${uid}`);
  const rootless = [
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
  ].filter((path) => existsSync(path));
  return [
    { address: 'unix:///var/run/docker.sock', origin: 'default socket' },
    ...rootless.map((path) => ({ address: `unix://${path}`, origin: 'rootless socket' })),
  ];
}

/** `tcp://` is what the docker CLI assumes for a bare `host:port`, and `unix://` for a bare path. */
function withScheme(host: string): string {
  if (host.includes('://')) return host;
  return host.startsWith('/') ? `unix://${host}` : `tcp://${host}`;
}

function configFolder(env: Env): string {
  return env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker');
}

function currentContext(folder: string): string | undefined {
  const config = readJson(join(folder, 'config.json')) as { currentContext?: unknown } | undefined;
  return typeof config?.currentContext === 'string' ? config.currentContext : undefined;
}

/** Contexts are stored under the SHA-256 of their name (docker/cli, `cli/context/store`). */
function contextCandidate(folder: string, name: string): Candidate {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = readJson(join(folder, 'contexts/meta', id, 'meta.json')) as
    | { Endpoints?: { docker?: { Host?: unknown } } }
    | undefined;
  const host = meta?.Endpoints?.docker?.Host;
  const certPath = join(folder, 'contexts/tls', id, 'docker');
  return {
    address: typeof host === 'string' ? withScheme(host) : '',
    origin: `context ${name}`,
    ...(existsSync(certPath) && { certPath, tls: true }),
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
