import type { CheckDeclaration, CheckResult } from '../core/check.ts';
import type { CheckReport } from '../core/events.ts';
import { addNotes } from './add-notes.ts';
import type { Attempt } from './attempt.ts';
import type { Course } from './course.ts';
import { showDuration } from './duration.ts';
import { hideIn, hideResult } from './hide.ts';

/** What is told of a check that was looked at. Pure. */
export function reportOf(
  declaration: CheckDeclaration,
  ended: Attempt,
  course: Course,
  durationMs: number,
): CheckReport {
  const { redact, timing } = declaration;
  const first = course.firstFailure;
  const isEarlier = first !== undefined && (ended.outcome === 'pass' || first.attempt < course.attempts);
  const shown = first &&
    isEarlier && {
      ...first,
      expected: redact ? hideIn(first.expected, redact) : first.expected,
      observed: redact ? hideIn(first.observed, redact) : first.observed,
    };
  const hint = ended.outcome === 'pass' ? flakyHint(course, shown || undefined) : undefined;
  const isCutShort = timing.mode === 'eventually' && ended.fatal !== undefined;
  const notes = isCutShort ? [`waiting longer cannot help: ${ended.fatal}`] : [];
  return {
    ...frame(declaration),
    outcome: ended.outcome,
    results: addNotes(ended.results, notes).map((result) => hideResult(result, redact)),
    attempts: course.attempts,
    flaky: ended.outcome === 'pass' && isEarlier,
    durationMs,
    ...(shown && { firstFailure: shown }),
    ...(hint !== undefined && { hint }),
  };
}

/** The report of a check that is not to be looked at. */
export function skipped(declaration: CheckDeclaration, why: string): CheckReport {
  const result: CheckResult = {
    property: 'skip',
    outcome: 'skip',
    expected: declaration.title,
    observed: `not looked at: ${why}`,
  };
  return {
    ...frame(declaration),
    outcome: 'skip',
    results: [result],
    attempts: 0,
    flaky: false,
    durationMs: 0,
  };
}

type Frame = Pick<CheckReport, 'id' | 'type' | 'title' | 'location' | 'why' | 'tags' | 'severity' | 'waiver'>;

function frame(declaration: CheckDeclaration): Frame {
  const { id, type, title, location, why, tags, severity, waiver } = declaration;
  return {
    id,
    type,
    title,
    ...(location && { location }),
    ...(why !== undefined && { why }),
    ...(tags.length > 0 && { tags }),
    ...(severity && { severity }),
    ...(waiver && { waiver }),
  };
}

function flakyHint(course: Course, first: Course['firstFailure']): string | undefined {
  if (!first) return undefined;
  const { attempt, atMs, property, observed } = first;
  return `flaky: attempt ${attempt} of ${course.attempts}, after ${showDuration(atMs)}, did not pass (${property}: ${observed})`;
}
