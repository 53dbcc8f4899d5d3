import type { Connection } from '../core/transport.ts';

/** How OpenSSH's client gets to a machine, for test tools that call it or take its options. */
export interface SshWords {
  /** Absolute paths of private keys. */
  readonly keyFiles: readonly string[];
  /** All options but the host, the port and the user. */
  readonly options: readonly string[];
}

/** Read from the command that opens a shell, which the transport knows: what it wants is in there and nowhere else. */
export function sshWords(connection: Pick<Connection, 'loginCommand'>): SshWords {
  const [, ...words] = connection.loginCommand({ tty: false });
  const end = words.indexOf('-p');
  const options = words.slice(0, end < 0 ? 0 : end).filter((word) => word !== '-T');
  const keyFiles = options.flatMap((word, at) => (options[at - 1] === '-i' ? [word] : []));
  return { keyFiles, options };
}

/** The same as a file for `ssh -F`; with one, OpenSSH reads no other by itself. */
export function sshConfig({ options }: SshWords): string {
  const lines = options.flatMap((word, at) => {
    const value = options[at + 1] ?? '';
    if (word === '-i') return [`IdentityFile "${value}"`];
    if (word === '-J') return [`ProxyJump ${value}`];
    if (word === '-A') return ['ForwardAgent yes'];
    return word === '-o' ? [value.replace('=', ' ')] : [];
  });
  // The first value counts.
  return ['Host *', 'BatchMode yes', ...lines, 'Include ~/.ssh/config /etc/ssh/ssh_config', ''].join('\n');
}
