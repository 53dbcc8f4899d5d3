import { readFile } from 'node:fs/promises';
import type { EventEnvelope } from '../src/core/events.ts';

/** The events that `--events FILE` wrote. */
export async function readEvents(file: string): Promise<readonly EventEnvelope[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as EventEnvelope);
}
