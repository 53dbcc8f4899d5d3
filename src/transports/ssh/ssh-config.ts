import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GalleyError } from '../../core/errors.ts';

/** What a user's ssh configuration says of a host; see ssh_config(5). `Include` is not followed. */
export interface HostConfig {
  readonly host?: string;
  readonly port?: number;
  readonly username?: string;
  /** Those that exist. */
  readonly keyFiles: readonly string[];
  /** `user@host:port`, in the order in which they are passed. */
  readonly jumps: readonly string[];
  readonly proxyCommand?: string;
}

export type ConfigOf = (host: string) => HostConfig;

const NOTHING: HostConfig = { keyFiles: [], jumps: [] };

/** `file`: a path, or true for the usual one. */
export async function readSshConfig(
  file: string | boolean,
  root: string,
  home: string | undefined,
): Promise<ConfigOf> {
  if (file === false || (file === true && home === undefined)) return () => NOTHING;
  const path = file === true ? join(home ?? '', '.ssh', 'config') : resolve(root, withHome(file, home));
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (file === true && error.code === 'ENOENT') return '';
    throw configError(path, error.code === 'ENOENT' ? 'it does not exist' : error.message);
  });
  if (text.trim() === '') return () => NOTHING;
  const SSHConfig = (await import('ssh-config')).default;
  let config: ReturnType<typeof SSHConfig.parse>;
  try {
    config = SSHConfig.parse(text);
  } catch (error) {
    throw configError(path, (error as Error).message);
  }
  return (host) => hostConfig(host, config.compute(host, { ignoreCase: true }), path, home);
}

function configError(file: string, why: string): GalleyError {
  return new GalleyError({
    code: 'ssh.bad_config',
    kind: 'config',
    message: `the ssh configuration cannot be used: ${why}`,
    location: { file },
    hint: 'correct it, or transport: {ssh_config: false} does without; ssh -G HOST shows what ssh makes of it',
  });
}

function hostConfig(
  asked: string,
  found: Readonly<Record<string, string | readonly string[]>>,
  path: string,
  home: string | undefined,
): HostConfig {
  const one = (key: string): string | undefined => {
    const value = found[key];
    const first = typeof value === 'string' ? value : value?.[0];
    return first === undefined || /^none$/i.test(first) ? undefined : first;
  };
  const many = (key: string): readonly string[] => [found[key] ?? []].flat();
  const [name, port, username, proxyCommand] = [one('hostname'), one('port'), one('user'), proxyOf(found)];
  const host = name?.replaceAll(/%[h%]/g, (token) => (token === '%h' ? asked : '%'));
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535))
    throw configError(path, `Port ${port} of ${asked} is no port`);
  return {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: Number(port) }),
    ...(username !== undefined && { username }),
    ...(proxyCommand !== undefined && { proxyCommand }),
    keyFiles: many('identityfile')
      .map((path) => withHome(path, home))
      .filter((path) => existsSync(path)),
    jumps:
      one('proxyjump')
        ?.split(',')
        .map((jump) => jump.trim()) ?? [],
  };
}

/** The library splits a command line into words. */
function proxyOf(found: Readonly<Record<string, string | readonly string[]>>): string | undefined {
  const line = [found['proxycommand'] ?? []].flat().join(' ');
  return line === '' || /^none$/i.test(line) ? undefined : line;
}

export function withHome(path: string, home: string | undefined): string {
  return home === undefined ? path : path.replace(/^(~|%d)(?=\/)/, home);
}

/** `user@host:port`, `ssh://user@[::1]:22`. */
export function parseJump(jump: string): { host: string; port?: number; username?: string } {
  const match = /^(?:ssh:\/\/)?(?:([^@]*)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?\/?$/.exec(jump);
  const [, username, host = jump, port] = match ?? [];
  return {
    host: host.replace(/^\[|\]$/g, ''),
    ...(port !== undefined && { port: Number(port) }),
    ...(username ? { username } : {}),
  };
}
