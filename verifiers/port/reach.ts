import { connect } from 'node:net';

/**
 * What a TCP connection to a published port came to. `closed`: taken and closed at once, which is what Docker's
 * userland proxy does when nothing listens behind it.
 */
export type Reach =
  | { readonly outcome: 'connected' | 'refused' | 'closed' | 'timeout' | 'unreachable' }
  | { readonly outcome: 'not-published' }
  | { readonly outcome: 'error'; readonly message: string };

const TIMEOUT_MS = 3000;
/** How long an accepted connection must stay open to count: longer than a proxy needs to find its backend missing. */
const SETTLE_MS = 150;

/** Opens one connection, sends nothing, and ends it. Throws only when aborted. */
export async function reach(
  address: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Reach> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    let settle: NodeJS.Timeout | undefined;
    const done = (result: Reach): void => {
      clearTimeout(settle);
      clearTimeout(limit);
      signal.removeEventListener('abort', cancel);
      socket.destroy();
      resolve(result);
    };
    const limit = setTimeout(() => done({ outcome: 'timeout' }), TIMEOUT_MS);
    const cancel = (): void => {
      reject(signal.reason);
      done({ outcome: 'timeout' });
    };
    signal.addEventListener('abort', cancel, { once: true });
    let isConnected = false;
    socket.once('connect', () => {
      isConnected = true;
      settle = setTimeout(() => done({ outcome: 'connected' }), SETTLE_MS);
    });
    socket.once('data', () => done({ outcome: 'connected' }));
    socket.once('end', () => done({ outcome: 'closed' }));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') done({ outcome: 'refused' });
      else if (error.code === 'ETIMEDOUT') done({ outcome: 'timeout' });
      else if (isConnected) done({ outcome: 'closed' });
      else done({ outcome: 'error', message: error.message });
    });
  });
}
