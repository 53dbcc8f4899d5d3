import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from './atomic-write.ts';

const Durations = z.record(z.string(), z.number());

/** Seconds each instance took the last time, for the scheduler. Losing it only costs a worse order. */
export async function readDurations(dir: string): Promise<Readonly<Record<string, number>>> {
  try {
    return Durations.parse(JSON.parse(await readFile(join(dir, 'history.json'), 'utf8')));
  } catch {
    return {};
  }
}

export async function writeDurations(
  dir: string,
  durations: Readonly<Record<string, number>>,
): Promise<void> {
  const known = await readDurations(dir);
  await writeFileAtomic(join(dir, 'history.json'), JSON.stringify({ ...known, ...durations }));
}
