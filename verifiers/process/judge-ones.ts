import { holds } from '../../src/checks/holds.ts';
import { cannotLook } from '../../src/checks/judge-value.ts';
import { describeMatcher, match } from '../../src/checks/matchers.ts';
import { describeProcess } from '../../src/checks/probe/select-processes.ts';
import { describeValue } from '../../src/checks/redact.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { ProcessFact } from '../../src/core/snapshot.ts';
import type { Asked } from './values.ts';

const SHOWN = 5;

/** One attribute, which must hold for every process. A wrong one fails even when others are not known. Pure. */
export function judgeEach(asked: Asked, selected: readonly ProcessFact[], source: string): CheckResult {
  const { property, wanted } = asked;
  const looked = selected.map((process) => {
    const known = asked.valueOf(process);
    return 'error' in known
      ? { process, error: known.error, ok: false, observed: known.error }
      : { process, error: undefined, ...match(known.value, wanted) };
  });
  const wrong = looked.filter((one) => !one.ok && one.error === undefined);
  const expected = selected.length === 1 ? describeMatcher(wanted) : `each ${describeMatcher(wanted)}`;
  const told = (some: readonly (typeof looked)[number][]): string =>
    some
      .slice(0, SHOWN)
      .map((one) => `${describeProcess(one.process)}: ${one.observed}`)
      .join('; ');
  if (wrong.length > 0) {
    const ok = looked.length - wrong.length;
    const observed = `${ok > 0 ? `${ok} of ${looked.length} so; ` : ''}${told(wrong)}`;
    return { property, outcome: 'fail', expected, observed, source };
  }
  const unknown = looked.filter((one) => one.error !== undefined);
  if (unknown.length > 0) return cannotLook(property, expected, told(unknown), source);
  const values = [...new Set(looked.map((one) => one.observed))].slice(0, 3).join(', ');
  return { property, outcome: 'pass', expected, observed: values, source };
}

/** All of a map for some process, or for none. A process of which something is not known may be either. Pure. */
export function judgeSome(
  which: 'any' | 'none',
  asked: readonly Asked[],
  selected: readonly ProcessFact[],
  source: string,
): CheckResult {
  const looked = selected.map((process) => ({ process, meets: meets(asked, process) }));
  const expected = `${which} ${asked.map((one) => `${one.property} ${describeMatcher(one.wanted)}`).join(', ')}`;
  const found = looked.filter((one) => one.meets === true);
  const unknown = looked.find((one) => one.meets === undefined);
  const shown = (some: readonly (typeof looked)[number][]): string =>
    some
      .slice(0, SHOWN)
      .map(({ process }) => describeProcess(process))
      .join(', ');
  const isDecided = found.length > 0;
  if (!isDecided && unknown)
    return cannotLook(
      which,
      expected,
      `${describeProcess(unknown.process)}: ${whyUnknown(asked, unknown.process)}`,
      source,
    );
  const observed = isDecided
    ? `${found.length} of ${selected.length}: ${shown(found)}`
    : `none of ${selected.length}`;
  const outcome = isDecided === (which === 'any') ? 'pass' : 'fail';
  const notes = looked
    .slice(0, SHOWN)
    .map(({ process }) => `${describeProcess(process)}: ${valuesOf(asked, process)}`);
  return { property: which, outcome, expected, observed, source, ...(outcome === 'fail' && { notes }) };
}

function meets(asked: readonly Asked[], process: ProcessFact): boolean | undefined {
  const each = asked.map((one) => {
    const known = one.valueOf(process);
    return 'error' in known ? undefined : holds(known.value, one.wanted);
  });
  if (each.includes(false)) return false;
  return each.includes(undefined) ? undefined : true;
}

function whyUnknown(asked: readonly Asked[], process: ProcessFact): string {
  return asked.map((one) => one.valueOf(process)).find((known) => 'error' in known)?.error ?? '';
}

function valuesOf(asked: readonly Asked[], process: ProcessFact): string {
  return asked
    .map((one) => {
      const known = one.valueOf(process);
      return `${one.property} ${'error' in known ? 'not known' : describeValue(known.value)}`;
    })
    .join(', ');
}
