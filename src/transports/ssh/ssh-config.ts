import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

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
    throw error;
  });
  if (text.trim() === '') return () => NOTHING;
  const SSHConfig = (await import('ssh-config')).default;
  const config = SSHConfig.parse(text);
  return (host) => hostConfig(config.compute(host, { ignoreCase: true }), home);
}

function hostConfig(
  found: Readonly<Record<string, string | readonly string[]>>,
  home: string | undefined,
): HostConfig {
  const one = (key: string): string | undefined => {
    const value = found[key];
    const first = typeof value === 'string' ? value : value?.[0];
    return first === undefined || /^none$/i.test(first) ? undefined : first;
  };
  const many = (key: string): readonly string[] => [found[key] ?? []].flat();
  const [host, port, username, proxyCommand] = [one('hostname'), one('port'), one('user'), proxyOf(found)];
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
