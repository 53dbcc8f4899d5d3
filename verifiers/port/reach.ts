import { type DialPlace, dialInside } from '../../src/checks/network/dial.ts';
import type { DialAnswer } from '../../src/checks/network/dial-answer.ts';
import { dialFromHost } from '../../src/checks/network/dial-host.ts';

/**
 * What a TCP connection to the port came to. `closed`: taken and closed at once, which is what Docker's userland proxy
 * does when nothing listens behind a published port.
 */
export type Reach =
  | { readonly outcome: 'connected' | 'refused' | 'closed' | 'timeout' | 'unreachable' }
  | { readonly outcome: 'not-published' }
  | { readonly outcome: 'error'; readonly message: string };

interface Address {
  readonly host: string;
  readonly port: number;
}

const TIMEOUT_MS = 3000;

/** Opens one connection from the caller's machine, sends nothing, and ends it. Throws only when aborted. */
export async function reach(address: Address, signal: AbortSignal): Promise<Reach> {
  const request = { id: 'port', kind: 'tcp', settle: true, timeoutMs: TIMEOUT_MS, ...address } as const;
  const answer = await dialFromHost(request, signal);
  // To a published port there is a way; that there is none says nothing of the instance.
  return answer.outcome === 'unreachable' ? unproved(answer) : reachOf(answer);
}

/** The same from inside a machine. Throws when nothing there can try. */
export async function reachInside(address: Address, place: DialPlace, signal: AbortSignal): Promise<Reach> {
  const request = { id: 'port', kind: 'tcp', timeoutMs: TIMEOUT_MS, ...address } as const;
  const { answers } = await dialInside(place, [request], signal);
  const answer = answers.get('port');
  return answer ? reachOf(answer) : { outcome: 'error', message: 'the try gave no answer' };
}

function reachOf(answer: DialAnswer): Reach {
  const { outcome } = answer;
  if (
    outcome === 'connected' ||
    outcome === 'refused' ||
    outcome === 'closed' ||
    outcome === 'timeout' ||
    outcome === 'unreachable'
  )
    return { outcome };
  return unproved(answer);
}

function unproved({ outcome, words }: DialAnswer): Reach {
  return { outcome: 'error', message: words ?? outcome };
}
