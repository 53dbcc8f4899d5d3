import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tryJson } from '../core/try-json.ts';

/** What a file of the cache keeps; undefined when there is none or it is no JSON: then it has to be learnt again. */
export async function readKept(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : tryJson(text);
}

/** Keeps it for later runs. Another process that reads sees what was kept before or this, never a part. */
export async function keep(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(value));
  await rename(temporary, file);
}
