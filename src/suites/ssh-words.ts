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
