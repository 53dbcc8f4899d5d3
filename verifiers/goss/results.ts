import { z } from 'zod';
import type { CheckOutcome, CheckResult } from '../../src/core/check.ts';
import type { TestGroup } from '../../src/suites/report.ts';

const one = z.looseObject({
  'resource-type': z.string(),
  'resource-id': z.string(),
  property: z.string(),
  successful: z.boolean(),
  skipped: z.boolean().nullish(),
  /** 0 passed, 1 failed, 2 skipped. */
  result: z.number().nullish(),
  err: z.unknown().optional(),
  title: z.string().nullish(),
  meta: z.record(z.string(), z.unknown()).nullish(),
  duration: z.number().nullish(),
  'summary-line': z.string().nullish(),
  /** goss 0.4 */
  'matcher-result': z
    .looseObject({
      actual: z.unknown().optional(),
      expected: z.unknown().optional(),
      message: z.string().nullish(),
      'missing-elements': z.array(z.unknown()).nullish(),
      'extra-elements': z.array(z.unknown()).nullish(),
    })
    .nullish(),
  /** goss 0.3 */
  expected: z.array(z.unknown()).nullish(),
  found: z.array(z.unknown()).nullish(),
});

/** goss' `json` format, of 0.3 and 0.4, as far as it is read (goss: outputs/json.go, resource/validate.go). */
export const GossJson = z.looseObject({ results: z.array(one) });
export type GossJson = z.infer<typeof GossJson>;
type Result = GossJson['results'][number];

export interface ReadOptions {
  /** Which goss looked, and where. */
  readonly source: string;
  /** Relative to the kitchen's folder. */
  readonly file: string;
  lineOf(id: string): number | undefined;
}

/** Each resource of a goss file as a test with a result for each property, in the order of the file. */
export function gossTests(report: GossJson, options: ReadOptions): readonly TestGroup[] {
  const groups = Map.groupBy(report.results, (each) => `${each['resource-type']} ${each['resource-id']}`);
  const tests = [...groups.values()].flatMap((results) => {
    const [first] = results;
    if (first === undefined) return [];
    const id = first['resource-id'];
    const line = options.lineOf(id);
    const type = first['resource-type'].replaceAll(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
    const nanoseconds = Math.max(...results.map(({ duration }) => duration ?? 0));
    const given = first.title ?? '';
    return {
      title: given === '' ? `${type} ${id}` : given,
      results: results.map((each) => resultOf(each, options)),
      durationMs: Math.round(nanoseconds / 1e6),
      location: { file: options.file, ...(line !== undefined && { line }) },
      ...(typeof first.meta?.['desc'] === 'string' && { why: first.meta['desc'] }),
    };
  });
  // goss looks at all at the same time and answers in no order.
  const lineOf = (one: TestGroup): number => one.location?.line ?? Number.MAX_SAFE_INTEGER;
  return tests.toSorted((a, b) => lineOf(a) - lineOf(b));
}

function resultOf(each: Result, { source }: ReadOptions): CheckResult {
  const { property } = each;
  const matched = each['matcher-result'];
  const expected = expectationOf(each);
  const base = { property, source, expected };
  if (each.skipped === true || each.result === 2) {
    // goss skips what the file says, and what it cannot look at because the thing itself is not there.
    return {
      ...base,
      expected: `${property} as given`,
      outcome: 'skip',
      observed: 'not run: goss skipped it',
    };
  }
  if (each.successful) return { ...base, outcome: 'pass', observed: 'as expected' };
  if (each.err != null && each.err !== '') {
    const said = textOf(each.err);
    // Nobody listens: that was seen. Other errors mean that nothing was.
    const outcome: CheckOutcome = /connection refused/.test(said) ? 'fail' : 'error';
    return { ...base, expected: `${property} as given`, outcome, observed: said };
  }
  const observed = observedOf(each);
  const notes = [
    ...elements('missing', matched?.['missing-elements']),
    ...elements('not expected', matched?.['extra-elements']),
  ].filter((note) => note !== observed);
  return { ...base, outcome: 'fail', observed, ...(notes.length > 0 && { notes }) };
}

function expectationOf({ property, expected, 'matcher-result': matched }: Result): string {
  if (matched?.message) return `${matched.message} ${textOf(matched.expected)}`;
  return expected == null ? `${property} as given` : textOf(expected);
}

function observedOf(each: Result): string {
  const { found, 'matcher-result': matched } = each;
  const actual = matched?.actual ?? found;
  // goss does not show what it read of a stream.
  if (actual == null || (typeof actual === 'string' && actual.startsWith('object: '))) {
    const [missing] = elements('missing', matched?.['missing-elements']);
    return missing ?? each['summary-line'] ?? 'not as expected';
  }
  return textOf(actual);
}

function elements(what: string, given: readonly unknown[] | null | undefined): readonly string[] {
  return given?.length ? [`${what}: ${textOf(given)}`] : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
