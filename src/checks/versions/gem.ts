import { compareDigits } from './dpkg.ts';

/** Order of RubyGems' versions (Gem::Version): segments by number, letters are a prerelease and sort before. */
export function compareGem(a: string, b: string): number {
  const [left, right] = [segments(a), segments(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const [one, other] = [left[i] ?? '0', right[i] ?? '0'];
    const isNumber = [/^\d/.test(one), /^\d/.test(other)];
    if (isNumber[0] !== isNumber[1]) return isNumber[0] ? 1 : -1;
    const difference = isNumber[0] ? compareDigits(one, other) : one < other ? -1 : one > other ? 1 : 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

function segments(text: string): readonly string[] {
  const all: string[] = text.replaceAll('-', '.pre.').match(/\d+|[A-Za-z]+/g) ?? [];
  while (all.length > 1 && /^0+$/.test(all.at(-1) ?? '')) all.pop();
  return all;
}
