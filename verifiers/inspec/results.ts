import { z } from 'zod';
import type { CheckOutcome, CheckResult, Waiver } from '../../src/core/check.ts';
import type { CheckReport } from '../../src/core/events.ts';
import { slug, takeName } from '../../src/core/slug.ts';
import { RUN_SUFFIX } from '../../src/core/test-suite.ts';
import { worstOutcome } from '../../src/suites/report.ts';

const result = z.looseObject({
  status: z.string(),
  code_desc: z.string().nullish(),
  message: z.string().nullish(),
  skip_message: z.string().nullish(),
  exception: z.string().nullish(),
  run_time: z.number().nullish(),
  resource_class: z.string().nullish(),
});

const waiver = z.looseObject({
  justification: z.string().nullish(),
  expiration_date: z.unknown().optional(),
  skipped_due_to_waiver: z.union([z.boolean(), z.string()]).nullish(),
  message: z.string().nullish(),
});

const control = z.looseObject({
  id: z.string(),
  title: z.string().nullish(),
  desc: z.string().nullish(),
  tags: z.record(z.string(), z.unknown()).nullish(),
  source_location: z.looseObject({ line: z.number().nullish(), ref: z.string().nullish() }).nullish(),
  waiver_data: waiver.nullish(),
  results: z.array(result).nullish(),
});

const profile = z.looseObject({
  name: z.string(),
  status: z.string().nullish(),
  status_message: z.string().nullish(),
  skip_message: z.string().nullish(),
  parent_profile: z.string().nullish(),
  controls: z.array(control).nullish(),
});

/** InSpec's `json` reporter, as far as it is read (inspec: docs-chef-io/content/inspec/reporters.md). */
export const InspecJson = z.looseObject({ version: z.string(), profiles: z.array(profile) });
export type InspecJson = z.infer<typeof InspecJson>;
type Control = z.infer<typeof control>;
type Result = z.infer<typeof result>;

export interface ReadOptions {
  /** Control ids whose resources may be skipped by InSpec itself; `true` for all. */
  readonly allowSkips: boolean | readonly string[];
  /** `web-debian-12, InSpec 5.24.24`: where it was looked. */
  readonly source: string;
  /** Path to show for a control's file: relative to the kitchen when it is below it. */
  relative(path: string): string;
}

/**
 * Each control as a check report. A control that InSpec did not run because the profile says so (`only_if`, waiver) is
 * a skip; one whose resource InSpec skipped, because a tool is missing on the instance, is an error: nothing was seen.
 */
export function inspecReports(report: InspecJson, options: ReadOptions): readonly CheckReport[] {
  const shown = new Set(
    report.profiles
      .filter((one) => one.parent_profile == null)
      .flatMap((one) => (one.controls ?? []).map(({ id }) => id)),
  );
  const used = new Set<string>();
  return report.profiles.flatMap((one) => {
    const refused = refusedProfile(one, options);
    if (refused) return [refused];
    return (
      (one.controls ?? [])
        // A wrapper profile repeats the controls of those it includes.
        .filter(({ id }) => one.parent_profile == null || !shown.has(id))
        .flatMap((each) => (each.results?.length ? [reportOf(each, options, used)] : []))
    );
  });
}

function reportOf(one: Control, options: ReadOptions, used: Set<string>): CheckReport {
  const waived = waiverOf(one);
  const results = (one.results ?? []).map((each) => resultOf(each, one, options, waived));
  const isAnonymous = one.id.startsWith('(generated from ');
  const first = one.results?.[0]?.code_desc ?? one.id;
  const base = isAnonymous ? `inspec.${slug(first)}` : one.id;
  const ref = one.source_location?.ref;
  const line = one.source_location?.line;
  const isOwn = ref != null && !isAnonymous;
  const ms = (one.results ?? []).reduce((sum, each) => sum + (each.run_time ?? 0) * 1000, 0);
  const tags = Object.keys(one.tags ?? {});
  return {
    id: takeName(used, base),
    type: 'inspec',
    title: isAnonymous ? first : (one.title ?? one.id),
    outcome: worstOutcome(results),
    results,
    attempts: 1,
    flaky: false,
    durationMs: Math.round(ms),
    ...(isOwn && { location: { file: options.relative(ref), ...(line != null && { line }) } }),
    ...(one.desc != null && { why: one.desc.trim() }),
    ...(tags.length > 0 && { tags }),
    ...(waived && { waiver: waived }),
  };
}

function resultOf(one: Result, of: Control, options: ReadOptions, waived: Waiver | undefined): CheckResult {
  const expected = one.code_desc ?? of.id;
  const said = (one.message ?? one.skip_message ?? '').trim();
  const lines = said.split('\n').map((line) => line.trimEnd());
  const base = { property: 'control', expected, source: options.source };
  if (one.status === 'passed') return { ...base, outcome: 'pass', observed: 'as expected' };
  if (one.status === 'failed') {
    const outcome: CheckOutcome = one.exception != null ? 'error' : waived ? 'waived' : 'fail';
    return {
      ...base,
      outcome,
      observed: lines[0] || 'failed, without a message',
      notes: lines.slice(1).filter(Boolean),
    };
  }
  const reason = lines.join(' ') || 'no reason given';
  if (isDeclared(one, of, options)) return { ...base, outcome: 'skip', observed: `not run: ${reason}` };
  return {
    ...base,
    outcome: 'error',
    observed: `InSpec could not look: ${reason}`,
    notes: [`nothing was seen; if that is all right, add '${of.id}' to verifier: allow_skips:`],
  };
}

/** Whether a skip is the profile's own wish and not InSpec's inability. */
function isDeclared(one: Result, of: Control, { allowSkips }: ReadOptions): boolean {
  if (allowSkips === true || (Array.isArray(allowSkips) && allowSkips.includes(of.id))) return true;
  if (of.waiver_data?.skipped_due_to_waiver) return true;
  const kind = one.resource_class ?? '';
  return kind === '' || kind === 'noop' || kind === 'Object' || kind === 'String';
}

/** A waiver that still holds; InSpec ignores an expired one and says so in `message`. */
function waiverOf({ waiver_data: data }: Control): Waiver | undefined {
  if (data?.justification == null) return undefined;
  const until = typeof data.expiration_date === 'string' ? data.expiration_date.slice(0, 10) : 'no end';
  if (/expired/i.test(data.message ?? '')) return undefined;
  return { reason: data.justification, until };
}

function refusedProfile(one: z.infer<typeof profile>, options: ReadOptions): CheckReport | undefined {
  if (one.status !== 'failed' && one.status !== 'skipped') return undefined;
  if (one.status === 'skipped' && one.controls?.some((each) => each.results?.length)) return undefined;
  const outcome = one.status === 'failed' ? 'error' : 'skip';
  const said = (one.status_message || one.skip_message || `profile ${one.status}`).split('\n');
  const result: CheckResult = {
    property: 'profile',
    outcome,
    expected: `profile ${one.name} runs`,
    observed: said[0] ?? '',
    source: options.source,
    notes: said.slice(1).filter((line) => line.trim() !== ''),
  };
  const title = `profile ${one.name}`;
  const base = {
    id: `inspec.profile-${slug(one.name)}${RUN_SUFFIX}`,
    type: 'inspec',
    title,
    outcome,
    results: [result],
  } as const;
  return { ...base, attempts: 1, flaky: false, durationMs: 0 };
}
