import type { CheckDeclaration, CheckResult } from '../core/check.ts';
import { hidden } from './redact.ts';

type Secrets = readonly (string | RegExp)[];

/** The text with each secret replaced by its length. */
export function hideIn(text: string, secrets: 'all' | Secrets): string {
  if (secrets === 'all') return hidden(text);
  let shown = text;
  for (const secret of secrets) shown = shown.replaceAll(secret, (found) => (found ? hidden(found) : ''));
  return shown;
}

/** A result as `redact:` of its check wants it shown. With `all`, notes are dropped: they quote what was seen. */
export function hideResult(result: CheckResult, redact: CheckDeclaration['redact']): CheckResult {
  if (redact === undefined) return result;
  const { notes, ...rest } = result;
  const shown = {
    ...rest,
    expected: hideIn(result.expected, redact),
    observed: hideIn(result.observed, redact),
  };
  if (redact === 'all') return shown;
  const source = result.source === undefined ? {} : { source: hideIn(result.source, redact) };
  return { ...shown, ...source, ...(notes && { notes: notes.map((note) => hideIn(note, redact)) }) };
}
