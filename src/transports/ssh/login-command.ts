import { knownHostsFile } from './known-hosts.ts';
import type { SshSettings } from './settings.ts';
import type { Stop, Way } from './way.ts';

/** What OpenSSH's client would be called with to get to the same place. */
export function loginCommand(
  way: Way,
  settings: SshSettings,
  from: { readonly root: string; readonly instance: string },
  tty: boolean,
): readonly string[] {
  const { target, stops } = way;
  const name = ({ host, port, username }: Stop): string =>
    `${username}@${host.includes(':') ? `[${host}]` : host}:${port}`;
  return [
    'ssh',
    tty ? '-t' : '-T',
    ...target.keyFiles.flatMap((file) => ['-i', file]),
    ...(settings.host_key === 'first-use'
      ? ['-o', `UserKnownHostsFile=${knownHostsFile(from.root, from.instance)}`]
      : []),
    ...(stops.length > 0 ? ['-J', stops.map(name).join(',')] : []),
    ...(way.proxyCommand === undefined ? [] : ['-o', `ProxyCommand=${way.proxyCommand}`]),
    ...(settings.forward_agent === true ? ['-A'] : []),
    '-p',
    String(target.port),
    '-l',
    target.username,
    target.host,
    ...(settings.login_command === undefined ? [] : [settings.login_command]),
  ];
}
