import type { Matcher } from './matcher.ts';
import { describeValue } from './redact.ts';

const MOST_LINES = 5000;

/** Where the searched text nearly stands, e.g. `nearest is line 12: "worker_processes 2;"`; undefined when nothing is near. */
export function nearestLine(text: string, wanted: Matcher): string | undefined {
  const needle = needleOf(wanted);
  if (needle === undefined || needle.trim() === '') return undefined;
  const pairs = pairsOf(needle);
  let best = { score: 0.4, line: 0, text: '' };
  text
    .split('\n')
    .slice(0, MOST_LINES)
    .forEach((line, index) => {
      const score = similarity(pairs, pairsOf(line.slice(0, 300)));
      if (score > best.score) best = { score, line: index + 1, text: line.trim() };
    });
  return best.line === 0 ? undefined : `nearest is line ${best.line}: ${describeValue(best.text)}`;
}

/** The literal text in a matcher; a pattern is taken without its punctuation. */
function needleOf(wanted: Matcher): string | undefined {
  switch (wanted.kind) {
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return wanted.text;
    case 'matches':
      return wanted.pattern.source.replace(/\\[a-zA-Z]|[\\^$.*+?()[\]{}|]/g, ' ');
    case 'superset':
      return wanted.items.length === 1 && wanted.items[0] ? needleOf(wanted.items[0]) : undefined;
    default:
      return undefined;
  }
}

/** Dice's coefficient over pairs of neighbouring characters. */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let common = 0;
  for (const pair of a) if (b.has(pair)) common += 1;
  return (2 * common) / (a.size + b.size);
}

function pairsOf(text: string): Set<string> {
  const bare = text.toLowerCase().replace(/\s+/g, ' ').trim();
  const pairs = new Set<string>();
  for (let i = 0; i + 1 < bare.length; i += 1) pairs.add(bare.slice(i, i + 2));
  return pairs;
}
