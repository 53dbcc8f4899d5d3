import { holds } from '../../src/checks/holds.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import { nearestLine } from '../../src/checks/nearest-line.ts';
import { describeValue } from '../../src/checks/redact.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { plural } from '../../src/core/plural.ts';
import type { LogFacts, LogLine } from './facts.ts';
import { isAtLeast, type Level, levelIn } from './levels.ts';
import { type LogSpec, sinceOf } from './schema.ts';

const SHOWN = 5;

/**
 * Pure. That something is in a log is proved by any part of it; that something is not, only by all of it, and by a log
 * that is really written to: one without a new line proves nothing unless `mayBeSilent`.
 */
export function judgeLog(spec: LogSpec, facts: LogFacts): CheckResult[] {
  const { source } = facts;
  if (!facts.exists) {
    const expected = 'exists';
    return [{ property: 'log', outcome: 'fail', expected, observed: 'no such file', source }];
  }
  const results: CheckResult[] = [];
  const told = spec.level === undefined ? facts.lines : ofLevel(facts.lines, spec.level);
  if (told === undefined)
    return [
      cannotLook('level', `${spec.level} or worse`, 'no line tells a level that is known here', source),
    ];
  const among = amongWords(spec, told, facts);
  if (spec.contains) results.push(judgeContains(spec.contains, told, among, facts));
  if (spec.lacks) results.push(judgeLacks(spec, spec.lacks, told, among, facts));
  if (spec.count) results.push(judgeCount(spec, spec.count, told, facts));
  if (results.length > 0) return results;
  const count = facts.lines.length;
  const observed = plural(count, 'new line');
  const outcome = count > 0 || spec.mayBeSilent ? 'pass' : 'fail';
  return [{ property: 'log', outcome, expected: 'written to', observed, source, ...notesOf(facts.notes) }];
}

/** `5 new lines`, `2 of 5 new lines (err or worse)` */
function amongWords(spec: LogSpec, told: readonly LogLine[], facts: LogFacts): string {
  const all = facts.lines.length;
  const words = plural(all, 'new line');
  return spec.level === undefined ? words : `${told.length} of ${words} (${spec.level} or worse)`;
}

function notesOf(notes: readonly string[]): { readonly notes?: readonly string[] } {
  return notes.length > 0 ? { notes } : {};
}

/** Lines of a level or worse; a line that tells none belongs to the one above it. Undefined when no line tells any. */
function ofLevel(lines: readonly LogLine[], wanted: Level): LogLine[] | undefined {
  let current: Level | undefined;
  let isTold = false;
  const kept = lines.filter((line) => {
    const level = line.level ?? levelIn(line.text);
    isTold ||= level !== undefined;
    current = level ?? current;
    return current !== undefined && isAtLeast(current, wanted);
  });
  return isTold || lines.length === 0 ? kept : undefined;
}

function judgeContains(
  wanted: readonly Matcher[],
  lines: readonly LogLine[],
  among: string,
  facts: LogFacts,
): CheckResult {
  const property = 'contains';
  const { source } = facts;
  const expected = wanted.map((one) => describeMatcher(one)).join(', ');
  const found = wanted.map((one) => lines.find(({ text }) => holds(text, one)));
  const missing = wanted.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) {
    const observed = found.map((line) => describeValue(line?.text)).join(', ');
    return { property, outcome: 'pass', expected, observed, source, ...notesOf(facts.notes) };
  }
  if (facts.missed !== undefined)
    return withNotes(cannotLook(property, expected, facts.missed, source), facts);
  const text = lines.map((line) => line.text).join('\n');
  const near = missing.flatMap((one) => nearestLine(text, one) ?? []);
  const last = lines.slice(-3).map((line) => `last lines: ${describeValue(line.text)}`);
  return {
    property,
    outcome: 'fail',
    expected,
    observed: `${among}, none of which ${missing.map((one) => describeMatcher(one)).join(', ')}`,
    source,
    notes: [...facts.notes, ...(near.length > 0 ? near : last)],
  };
}

function judgeLacks(
  spec: LogSpec,
  unwanted: readonly Matcher[],
  lines: readonly LogLine[],
  among: string,
  facts: LogFacts,
): CheckResult {
  const property = 'lacks';
  const { source } = facts;
  const expected = `lacks any line that ${unwanted.map((one) => describeMatcher(one)).join(' or ')}`;
  const found = lines.flatMap(({ text }, index) =>
    unwanted.some((one) => holds(text, one)) ? [{ text, index }] : [],
  );
  if (found.length > 0) {
    const [firstShown = '', ...shown] = found
      .slice(0, SHOWN)
      .map(({ text, index }) => `line ${index + 1}: ${describeValue(text)}`);
    const more = found.length > SHOWN ? [`and ${found.length - SHOWN} more`] : [];
    const observed = `${found.length} of ${lines.length} lines: ${firstShown}`;
    return {
      property,
      outcome: 'fail',
      expected,
      observed,
      source,
      notes: [...facts.notes, ...shown, ...more],
    };
  }
  const unproved = whyUnproved(spec, facts);
  if (unproved !== undefined) return withNotes(cannotLook(property, expected, unproved, source), facts);
  const observed = `none of ${among}`;
  return { property, outcome: 'pass', expected, observed, source, ...notesOf(facts.notes) };
}

function judgeCount(spec: LogSpec, wanted: Matcher, lines: readonly LogLine[], facts: LogFacts): CheckResult {
  const { matching } = spec;
  const counted = matching ? lines.filter(({ text }) => matching.some((one) => holds(text, one))) : lines;
  const unproved = whyUnproved(spec, facts);
  const { source } = facts;
  if (unproved !== undefined)
    return withNotes(cannotLook('count', describeMatcher(wanted), unproved, source), facts);
  const shown = counted.slice(0, SHOWN).map(({ text }) => describeValue(text));
  const more = counted.length > SHOWN ? [`and ${counted.length - SHOWN} more`] : [];
  return judgeValue('count', counted.length, wanted, { source, notes: [...facts.notes, ...shown, ...more] });
}

/** Why the lines seen do not prove what is not there. */
function whyUnproved(spec: LogSpec, facts: LogFacts): string | undefined {
  if (facts.missed !== undefined) return facts.missed;
  if (facts.lines.length > 0 || spec.mayBeSilent) return undefined;
  const since = { converge: ' since the converge began', check: ' since verification began' } as const;
  const { kind } = sinceOf(spec);
  return `nothing was written to it${kind === 'converge' || kind === 'check' ? since[kind] : ''}, so nothing is proved (mayBeSilent: true accepts that)`;
}

function withNotes(result: CheckResult, facts: LogFacts): CheckResult {
  return { ...result, ...notesOf(facts.notes) };
}
