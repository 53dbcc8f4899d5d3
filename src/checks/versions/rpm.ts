import { compareDigits } from './dpkg.ts';

/**
 * Order of RPM versions, `[epoch:]version[-release]`, as rpmvercmp of rpm's lib/rpmvercmp.c: `~` sorts before the
 * end, `^` after it. A release is compared only when both have one, as rpm does for dependencies.
 */
export function compareRpm(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  const byVersion = compareDigits(left.epoch, right.epoch) || compareSegments(left.version, right.version);
  if (byVersion !== 0 || left.release === undefined || right.release === undefined) return byVersion;
  return compareSegments(left.release, right.release);
}

function parts(text: string): { epoch: string; version: string; release: string | undefined } {
  const found = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/s.exec(text);
  return { epoch: found?.[1] ?? '0', version: found?.[2] ?? '', release: found?.[3] };
}

function compareSegments(a: string, b: string): number {
  const [left, right] = [segments(a), segments(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = compareSegment(left[i], right[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function segments(text: string): readonly string[] {
  return text.match(/\d+|[A-Za-z]+|[~^]/g) ?? [];
}

function compareSegment(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~' || b === '~') return a === '~' ? -1 : 1;
  if (a === '^') return b === undefined ? 1 : -1;
  if (b === '^') return a === undefined ? -1 : 1;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const isNumber = [/^\d/.test(a), /^\d/.test(b)];
  if (isNumber[0] !== isNumber[1]) return isNumber[0] ? 1 : -1;
  return isNumber[0] ? compareDigits(a, b) : a < b ? -1 : 1;
}
