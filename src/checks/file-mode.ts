import { z } from 'zod';

/**
 * Permission bits as four octal digits. A text is octal (`'644'`, `'0644'`, `'0o644'`). A number is ambiguous, since
 * YAML 1.1 reads `0644` as 420 and people also write `644`: it is taken as the reading in which the owner may do what
 * the group may, and the group what others may. Undefined when neither or both readings make sense.
 */
export function parseMode(raw: string | number): string | undefined {
  if (typeof raw === 'string') {
    const found = /^0?o?([0-7]{1,4})$/.exec(raw.trim());
    return found?.[1]?.padStart(4, '0');
  }
  if (!Number.isInteger(raw) || raw < 0 || raw > 0o7777) return undefined;
  const asDigits = /^[0-7]{3,4}$/.test(String(raw)) ? Number.parseInt(String(raw), 8) : undefined;
  const isBitsLikely = isUsual(raw);
  const isDigitsLikely = asDigits !== undefined && isUsual(asDigits);
  if (isDigitsLikely && (!isBitsLikely || raw > 0o777)) return octal(asDigits);
  if (isBitsLikely && (!isDigitsLikely || raw === 0o777)) return octal(raw);
  if (asDigits === undefined) return octal(raw);
  return undefined;
}

/** Four octal digits. */
export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

const WHO = [
  ['owner', 6],
  ['group', 3],
  ['others', 0],
] as const;
const RIGHTS = [
  [4, 'read'],
  [2, 'write'],
  [1, 'execute'],
] as const;

/** What a mode allows beyond the wanted one, and what it does not: `others may read`, `group may not write`. Pure. */
export function modeDifference(mode: number, wanted: number): string[] {
  const words = (bits: number, may: string): string[] =>
    WHO.flatMap(([who, shift]) => {
      const rights = RIGHTS.filter(([bit]) => ((bits >> shift) & bit) !== 0).map(([, right]) => right);
      return rights.length > 0 ? [`${who} ${may} ${rights.join(' and ')}`] : [];
    });
  return [...words(mode & ~wanted, 'may'), ...words(wanted & ~mode, 'may not')];
}

function isUsual(mode: number): boolean {
  const [owner, group, other] = [(mode >> 6) & 7, (mode >> 3) & 7, mode & 7];
  return (owner & group) === group && (group & other) === other;
}

/** Schema of a mode as a user writes it; parsed to four octal digits. */
export const fileMode = z.union([z.string(), z.number()]).transform((raw, context): string => {
  const mode = parseMode(raw);
  if (mode !== undefined) return mode;
  context.addIssue({
    code: 'custom',
    message: "expected permission bits in quotes, such as '0644'",
    input: raw,
  });
  return z.NEVER;
});
