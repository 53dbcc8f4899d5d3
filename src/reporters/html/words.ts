import type { CheckOutcome } from '../../core/check.ts';
import type { ReportedOutcome } from '../model/run-report.ts';
import { html, type Markup } from './markup.ts';

/** Sign, and word for those who cannot see it. The sign alone never carries the meaning by its colour. */
const SIGNS: { readonly [outcome in CheckOutcome | 'flaky']: readonly [sign: string, word: string] } = {
  pass: ['✓', 'pass'],
  fail: ['✗', 'fail'],
  error: ['!', 'could not look'],
  skip: ['–', 'skipped'],
  waived: ['~', 'waived'],
  flaky: ['≈', 'flaky pass'],
};

export function sign(outcome: CheckOutcome | 'flaky'): Markup {
  const [text, word] = SIGNS[outcome];
  return html`<span role="img" aria-label="${word}" title="${word}">${text}</span>`;
}

export const LEGEND: readonly (readonly [CheckOutcome | 'flaky', string])[] = (
  ['pass', 'fail', 'error', 'flaky', 'waived', 'skip'] as const
).map((outcome) => [outcome, SIGNS[outcome][1]]);

/** Class that colours an outcome of an instance or a phase like the one of a check. */
export function toneOf(outcome: ReportedOutcome): CheckOutcome {
  if (outcome === 'passed') return 'pass';
  return outcome === 'failed' ? 'fail' : 'waived';
}

export function outcomeWord(outcome: ReportedOutcome): string {
  return outcome === 'unfinished' ? 'did not end' : outcome;
}
