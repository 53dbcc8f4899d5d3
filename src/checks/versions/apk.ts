import { compareDigits } from './dpkg.ts';

/** Suffixes of Alpine's versions in their order; none is 0. */
const SUFFIXES = { alpha: -4, beta: -3, pre: -2, rc: -1, cvs: 1, svn: 2, git: 3, hg: 4, p: 5 } as const;

/** Order of Alpine versions: `1.2.3a_rc1-r4`, apk-package(5). */
export function compareApk(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  const length = Math.max(left.numbers.length, right.numbers.length);
  for (let i = 0; i < length; i += 1) {
    const [one, other] = [left.numbers[i], right.numbers[i]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    const difference = compareDigits(one, other);
    if (difference !== 0) return difference;
  }
  if (left.letter !== right.letter) return left.letter < right.letter ? -1 : 1;
  for (let i = 0; i < Math.max(left.suffixes.length, right.suffixes.length); i += 1) {
    const none = [0, '0'] as const;
    const one = left.suffixes[i] ?? none;
    const other = right.suffixes[i] ?? none;
    const difference = one[0] - other[0] || compareDigits(one[1], other[1]);
    if (difference !== 0) return difference;
  }
  return compareDigits(left.revision, right.revision);
}

function parts(text: string): {
  numbers: readonly string[];
  letter: string;
  suffixes: readonly (readonly [number, string])[];
  revision: string;
} {
  const found = /^([\d.]*)([a-z]?)((?:_[a-z]+\d*)*)(?:~[0-9a-f]+)?(?:-r(\d+))?/.exec(text);
  const suffixes = [...(found?.[3] ?? '').matchAll(/_([a-z]+)(\d*)/g)].map(
    ([, word, number]) => [SUFFIXES[word as keyof typeof SUFFIXES] ?? 0, number || '0'] as const,
  );
  return {
    numbers: (found?.[1] ?? '').split('.').filter(Boolean),
    letter: found?.[2] ?? '',
    suffixes,
    revision: found?.[4] ?? '0',
  };
}
