import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

/**
 * Hands over the content of a growing file in whole lines, from its beginning, until `isOver` says after a read that
 * nothing will come any more, or until the abort. What follows the last line end is handed over at the end.
 */
export async function followLog(
  file: string,
  onText: (text: string) => void,
  isOver: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  await using handle = await open(file, 'r');
  const decoder = new TextDecoder();
  const buffer = Buffer.alloc(64 * 1024);
  let held = '';
  for (;;) {
    // Asked before the read: what was written until then is read in any case.
    const over = signal.aborted || (await isOver());
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) break;
      held += decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
      const end = held.lastIndexOf('\n') + 1;
      if (end > 0) onText(held.slice(0, end));
      held = held.slice(end);
    }
    if (over) break;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  if (held !== '') onText(`${held}\n`);
}
