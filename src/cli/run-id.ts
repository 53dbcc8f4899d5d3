import { randomBytes } from 'node:crypto';

/** Sorts by time and is safe in names of containers and folders: `20261121-034512-1f3a`. */
export function newRunId(now: Date = new Date()): string {
  const digits = now.toISOString().replaceAll(/[-:]/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(9, 15)}-${randomBytes(2).toString('hex')}`;
}
