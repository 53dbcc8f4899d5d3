import { randomBytes } from 'node:crypto';

/**
 * Sorts by time and is safe in names of containers and folders: `20261121-034512-1f3a0`. The last group is the
 * millisecond in three hexadecimal digits, so that two commands within a second sort as well, and two random ones.
 */
export function newRunId(now: Date = new Date()): string {
  const digits = now.toISOString().replaceAll(/[-:]/g, '');
  const millisecond = now.getUTCMilliseconds().toString(16).padStart(3, '0');
  return `${digits.slice(0, 8)}-${digits.slice(9, 15)}-${millisecond}${randomBytes(1).toString('hex')}`;
}
