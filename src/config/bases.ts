import { didYouMean } from '../core/did-you-mean.ts';
import type { BaseInstance } from '../core/kitchen.ts';
import type { Row } from './build-instance.ts';
import type { Findings } from './findings.ts';
import { instanceName } from './instance-name.ts';
import { locateIn } from './tree.ts';

/** A suite with the platforms it runs on. */
export interface Selection {
  readonly suite: Row;
  readonly on: readonly Row[];
}

type BaseOf = (suite: string, platform: string) => BaseInstance | undefined;

/**
 * Reads `from:` of all suites. Unknown suites, suites that start from each other in a circle and bases that do not run
 * on a platform of the suite are findings; what they concern has no base then.
 */
export function baseInstances(selections: readonly Selection[], findings: Findings): BaseOf {
  const bySuite = new Map(selections.map((one) => [one.suite.name, one] as const));
  const bases = new Map<string, string>();
  for (const { suite } of selections) {
    const from = suite.node.entries.get('from')?.value;
    if (from?.kind !== 'scalar' || typeof from.value !== 'string') continue;
    if (bySuite.has(from.value)) bases.set(suite.name, from.value);
    else reportUnknown(suite, from.value, [...bySuite.keys()], findings);
  }
  for (const name of bases.keys()) reportCircle(name, bases, bySuite, findings);
  for (const [name, base] of bases) reportPlatforms(name, base, bySuite, findings);
  return (suite, platform) => {
    const base = bases.get(suite);
    return base === undefined ? undefined : { suite: base, instance: instanceName(base, platform) };
  };
}

type Suites = ReadonlyMap<string, Selection>;

function reportUnknown(suite: Row, from: string, known: readonly string[], findings: Findings): void {
  const others = known.filter((name) => name !== suite.name);
  const guess = didYouMean(from, others);
  const location = locateIn(suite.node, ['from']);
  findings.error({
    code: 'config.unknown_base',
    message: `the suite "${suite.name}" starts from "${from}", which is no suite here`,
    ...(location && { location }),
    got: from,
    expected: others.length === 0 ? 'another suite; there is none' : `one of ${others.join(', ')}`,
    hint: guess ? `did you mean "${guess}"?` : '`from` names a suite of this kitchen',
  });
}

/** Told once for each circle, at the first of its suites. */
function reportCircle(
  start: string,
  bases: ReadonlyMap<string, string>,
  suites: Suites,
  findings: Findings,
): void {
  const way = [start];
  for (let next = bases.get(start); next !== undefined; next = bases.get(next)) {
    if (next !== start) {
      // A circle further down the way, which is told where it is.
      if (way.includes(next)) return;
      way.push(next);
      continue;
    }
    const order = [...suites.keys()];
    if (way.some((name) => order.indexOf(name) < order.indexOf(start))) return;
    const node = suites.get(start)?.suite.node;
    const location = node && locateIn(node, ['from']);
    findings.error({
      code: 'config.circular_base',
      message:
        way.length === 1
          ? `the suite "${start}" starts from itself`
          : `these suites start from each other: ${[...way, start].join(' → ')}`,
      ...(location && { location }),
      hint: 'remove one `from`: a first suite must start from a fresh machine',
    });
    return;
  }
}

function reportPlatforms(name: string, base: string, suites: Suites, findings: Findings): void {
  const suite = suites.get(name);
  const available = new Set(suites.get(base)?.on.map((platform) => platform.name));
  const missing = (suite?.on ?? []).map((platform) => platform.name).filter((one) => !available.has(one));
  if (!suite || missing.length === 0) return;
  const location = locateIn(suite.suite.node, ['from']);
  findings.error({
    code: 'config.base_without_platform',
    message: `the suite "${name}" starts from "${base}", which does not run on ${missing.join(', ')}`,
    ...(location && { location }),
    hint: `let "${base}" run there too, or exclude ${missing.length === 1 ? 'it' : 'them'} from "${name}"`,
  });
}
