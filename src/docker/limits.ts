import { commandTimeout } from '../core/command-timeout.ts';
import type { GalleyError } from '../core/errors.ts';

interface Limited {
  readonly argv: readonly string[];
  /** Name of the container, for messages. */
  readonly name: string;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Limits extends Disposable {
  /** Rejects with `transport.timeout` when the time is over, or with the reason of the abort. */
  readonly reached: Promise<never>;
  wasReached(): boolean;
}

/** What ends a command in a container before it ends by itself. */
export function limitsOf(request: Limited): Limits {
  let isReached = false;
  let timer: NodeJS.Timeout | undefined;
  let cancel: (() => void) | undefined;
  const { argv, name, signal, timeoutMs } = request;
  const late = (ms: number): GalleyError => commandTimeout(argv[0] ?? '', `in ${name}`, ms);
  const reached = new Promise<never>((_resolve, reject) => {
    const end = (error: unknown) => {
      isReached = true;
      reject(error);
    };
    cancel = () => end(signal?.reason);
    // It may have been cancelled while the command was being started.
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    if (timeoutMs !== undefined) timer = setTimeout(() => end(late(timeoutMs)), timeoutMs);
  });
  reached.catch(() => undefined);
  return {
    reached,
    wasReached: () => isReached,
    [Symbol.dispose]() {
      clearTimeout(timer);
      if (cancel) signal?.removeEventListener('abort', cancel);
    },
  };
}
