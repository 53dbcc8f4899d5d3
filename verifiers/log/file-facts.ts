import type { LogFact } from '../../src/core/snapshot.ts';
import type { LogFacts, LogLine } from './facts.ts';
import { timeIn } from './line-times.ts';

/**
 * The lines of a file after a position; with `since`, those whose own time is not before it. Pure. Throws when the file
 * could not be read, and when lines must be told apart by a time that they do not have.
 */
export function fileFacts(fact: LogFact, since: number | undefined, source: string, now: number): LogFacts {
  if (fact.error !== undefined) throw new Error(`${fact.path}: ${fact.error}`);
  const text = fact.text ?? '';
  const all = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  const lines = since === undefined ? all : after(all, since, fact.utcOffset ?? 0, now);
  const moved =
    typeof fact.from === 'object' && fact.how !== 'same' && fact.how !== undefined
      ? [`the log was ${fact.how} meanwhile`]
      : [];
  return {
    exists: fact.exists,
    lines: lines.map((one): LogLine => ({ text: one })),
    missed: fact.missed ?? (fact.isCut ? 'it is too long: what came first was read' : undefined),
    source,
    notes: fact.missed === undefined ? moved : [`${moved.join('')}: ${fact.missed}`],
  };
}

/** A line without a time of its own belongs to the one above it, as a stack trace does. */
function after(lines: readonly string[], since: number, utcOffset: number, now: number): string[] {
  let isNew: boolean | undefined;
  const kept = lines.filter((line) => {
    const at = timeIn(line, utcOffset, now);
    // Times may be whole seconds: a line of the very second counts as new.
    if (at !== undefined) isNew = at >= Math.floor(since);
    return isNew === true;
  });
  if (isNew === undefined && lines.length > 0) {
    throw new Error(`its lines have no time that is known here (the first: ${lines[0]?.slice(0, 60)})`);
  }
  return kept;
}
