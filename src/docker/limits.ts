import { GalleyError } from '../core/errors.ts';

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
  const { signal, timeoutMs } = request;
  const reached = new Promise<never>((_resolve, reject) => {
    const end = (error: unknown) => {
      isReached = true;
      reject(error);
    };
    cancel = () => end(signal?.reason);
    // It may have been cancelled while the command was being started.
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    if (timeoutMs !== undefined) timer = setTimeout(() => end(timedOut(request, timeoutMs)), timeoutMs);
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

function timedOut({ argv, name }: Limited, timeoutMs: number): GalleyError {
  return new GalleyError({
    code: 'transport.timeout',
    kind: 'infrastructure',
    message: `${argv[0]} in ${name} took longer than ${timeoutMs / 1000} s and was killed`,
  });
}
