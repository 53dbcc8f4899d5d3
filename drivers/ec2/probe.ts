import { connect } from 'node:net';

/** How the port of an sshd answers. `silent`: connected, but no sshd said hello. */
export type SshPort = 'open' | 'refused' | 'timeout' | 'silent' | 'unresolved' | 'unreachable';

const MOST_WORDS = 8192;

/** Connects and reads the greeting. Never throws. */
export function probeSsh(host: string, port: number, timeoutMs: number): Promise<SshPort> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let isConnected = false;
    let words = '';
    const end = (result: SshPort): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => end(isConnected ? 'silent' : 'timeout'), timeoutMs);
    socket.once('connect', () => (isConnected = true));
    socket.on('data', (data) => {
      words += data.toString('latin1');
      // Lines of its own may come before (RFC 4253, 4.2), and the first one in parts.
      if (/^SSH-/m.test(words)) end('open');
      else if (words.length > MOST_WORDS) end('silent');
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED' || code === 'ECONNRESET') end('refused');
      else if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') end('unresolved');
      else end(code === 'ETIMEDOUT' ? 'timeout' : 'unreachable');
    });
    socket.once('close', () => end(isConnected ? 'silent' : 'refused'));
  });
}

/** In words, for what is waited for. */
export const WORDS: Readonly<Record<SshPort, string>> = {
  open: 'answers',
  refused: 'refuses the connection',
  timeout: 'does not answer',
  silent: 'takes the connection and says nothing',
  unresolved: 'has a name that does not resolve',
  unreachable: 'cannot be reached',
};
