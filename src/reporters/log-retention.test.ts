import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { removeStaleRuns, staleRuns } from './log-retention.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const HOUR = 3600_000;
const run = (day: number, agoMs = 100 * HOUR) => ({
  name: `202611${String(day).padStart(2, '0')}-120000-abcd`,
  touchedMs: NOW - agoMs,
});

await tap.test('the newest are kept, whatever their order in the folder', async (t) => {
  const folders = [run(3), run(1), run(4), run(2)];
  t.same(staleRuns(folders, 2, NOW), [run(2).name, run(1).name]);
  t.same(staleRuns(folders, 4, NOW), []);
});

await tap.test('a run that is still being written to, and what is no run, are never removed', async (t) => {
  const folders = [run(3), run(1, 1000), { name: 'notes', touchedMs: 0 }, run(2)];
  t.same(staleRuns(folders, 1, NOW), [run(2).name]);
});

await tap.test('old folders are removed from the disk', async (t) => {
  const dir = t.testdir();
  for (const { name, touchedMs } of [run(1), run(2), run(3)]) {
    await mkdir(join(dir, name));
    const file = join(dir, name, 'events.ndjson');
    await writeFile(file, '');
    await utimes(file, touchedMs / 1000, touchedMs / 1000);
  }
  await removeStaleRuns(dir, 2, NOW);
  t.same(await readdir(dir), [run(2).name, run(3).name]);
  await removeStaleRuns(join(dir, 'none'), 2, NOW);
});
