import { readFile } from 'node:fs/promises';
import { limiter } from '../core/limiter.ts';

/** A kitchen may have more instances than a process may have open files. */
const turn = limiter(16);

/** A small file of the state folder, as text. */
export function readText(path: string): Promise<string> {
  return turn(() => readFile(path, 'utf8'));
}
