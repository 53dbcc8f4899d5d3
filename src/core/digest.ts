import { createHash } from 'node:crypto';

/** SHA-256 of facts as JSON, 64 hex digits: the same for the same facts in the same order. */
export function digestOf(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
