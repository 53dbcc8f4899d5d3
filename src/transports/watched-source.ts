import type { Readable } from 'node:stream';

/**
 * Watches a stream that a command is to read. The command takes a break for the end and may well succeed with half of
 * it, so afterwards somebody has to ask: what the stream broke with, undefined when it came to its end. One that had
 * broken before it was watched is known, too.
 */
export function watchedSource(source: Readable): () => Error | undefined {
  let hasEnded = source.readableEnded;
  let broken: Error | undefined = source.errored ?? undefined;
  if (source.closed && !hasEnded) broken ??= brokenOff();
  source.once('end', () => {
    hasEnded = true;
  });
  source.once('error', (error) => {
    broken = error;
  });
  source.once('close', () => {
    if (!hasEnded) broken ??= brokenOff();
  });
  return () => broken;
}

const brokenOff = (): Error => new Error('the stream of files broke off');
