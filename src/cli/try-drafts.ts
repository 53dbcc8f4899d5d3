import { parseChecks } from '../checks/parse-checks.ts';
import { type RunChecksOptions, runChecks } from '../checks/run-checks.ts';
import { interpolate } from '../config/interpolate.ts';
import type { CheckReport } from '../core/events.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import type { Verifier } from '../core/verifier.ts';
import type { Draft, Section } from '../drafts/draft.ts';
import { refusal } from '../drafts/fit.ts';
import { REFERENCE_MARK } from '../drafts/reference.ts';
import { serviceAddresses } from '../plan/service-addresses.ts';
import { printable } from '../reporters/format/text.ts';

/** The item as a kitchen file would give it to the check type: references filled in. */
export type Fill = (item: Draft['item']) => Draft['item'];

export function filler(config: InstanceConfig): Fill {
  const references = { instance: config.instance, services: serviceAddresses(config) };
  const filled = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const found = interpolate(value.replaceAll(REFERENCE_MARK, '$'), references);
      return 'value' in found ? found.value : value;
    }
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one)]));
  };
  return (item) => filled(item) as Draft['item'];
}

/** What our own types do not take, e.g. the name of a strange program, is left out. */
export function fittingOnly(
  sections: readonly Section[],
  verifiers: ReadonlyMap<string, Verifier>,
  fill: Fill,
): readonly Section[] {
  const isFit = ({ item }: Draft): boolean => refusal(fill(item), verifiers) === undefined;
  return sections
    .map((one) => ({ ...one, drafts: one.drafts.filter(isFit) }))
    .filter(({ drafts }) => drafts.length > 0);
}

/** Each check is tried; those that do not pass are left as comments with what was seen. */
export async function tryAll(
  sections: readonly Section[],
  verifiers: ReadonlyMap<string, Verifier>,
  fill: Fill,
  options: RunChecksOptions,
): Promise<readonly Section[]> {
  const drafts = sections.flatMap((one) => one.drafts).filter((one) => one.isOptional !== true);
  const parsed = parseChecks(
    drafts.map(({ item }) => fill(item)),
    verifiers,
    { locate: () => undefined, pathPrefix: [], allowEmpty: true },
  );
  if ('errors' in parsed) throw new Error(`a draft is refused: ${parsed.errors[0]?.message}`);
  const reports = await runChecks(parsed.declarations, verifiers, options);
  const reportOf = new Map(drafts.map((draft, at) => [draft, reports[at]]));
  return sections.map((section) => ({
    ...section,
    drafts: section.drafts.map((draft) => {
      const report = reportOf.get(draft);
      return report === undefined || report.outcome === 'pass'
        ? draft
        : { ...draft, comments: [...draft.comments, failure(report)], isOptional: true };
    }),
  }));
}

function failure({ results }: CheckReport): string {
  const bad = results.find(({ outcome }) => outcome !== 'pass');
  return printable(`it did not pass a moment later: ${bad?.property ?? ''} ${bad?.observed ?? ''}`);
}
