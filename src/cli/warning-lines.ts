import type { Kitchen } from '../core/kitchen.ts';
import { distinctNotes, type SettingNote } from '../plan/setting-notes.ts';
import { formatLocation } from '../reporters/format/error.ts';
import { painted, printable } from '../reporters/format/text.ts';

/** What loading and resolving a kitchen found odd, a line each with its place; notes only with `verbose`. */
export function warningLines(
  kitchen: Pick<Kitchen, 'warnings'>,
  resolved: readonly { readonly notes: readonly SettingNote[] }[],
  { verbose, color }: { readonly verbose: boolean; readonly color: boolean },
): readonly string[] {
  const warnings = kitchen.warnings.map((one) => ({ level: 'warning' as const, ...one }));
  return [...warnings, ...distinctNotes(resolved.flatMap((one) => one.notes))].flatMap(
    ({ level, message, location }) => {
      if (level === 'verbose' && !verbose) return [];
      const text = printable(`${location ? `${formatLocation(location)}: ` : ''}${message}`);
      return [level === 'verbose' ? `- ${text}` : painted('yellow', `! ${text}`, color)];
    },
  );
}
