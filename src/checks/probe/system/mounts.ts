import type { Known, MountFact, MountFacts, UsageFact } from '../../../core/system-facts.ts';
import { failureOf, type Ran, type SystemRows } from './rows.ts';

const TABLE = '/proc/1/mountinfo';

/** Pure. A later mount hides an earlier one at the same place, so only the last is kept. */
export function mountsOf(
  rows: SystemRows,
): { readonly mounts: MountFacts } | { readonly error: string } | undefined {
  if (!rows.has('file', TABLE)) return undefined;
  const [file] = rows.files(TABLE);
  if (file?.content === undefined) return { error: `${TABLE}: ${file?.error ?? 'does not exist'}` };
  if (file.isCut) return { error: `${TABLE} is larger than 256 KiB` };
  const all = file.content.split('\n').flatMap((line) => mountOf(line) ?? []);
  const last = new Map(all.map((one) => [one.path, one]));
  const usage = new Map([...rows.commands('df')].map(([path, ran]) => [path, usageOf(ran)]));
  return { mounts: { mounts: [...last.values()], usage } };
}

/** proc_pid_mountinfo(5): `36 35 98:0 /root /mnt rw,noatime master:1 - ext3 /dev/root rw,errors=continue` */
function mountOf(line: string): MountFact | undefined {
  const [own = '', rest = ''] = line.split(' - ');
  const [, , , root = '', path, options = ''] = own.split(' ');
  const [fs = '', source = '', superOptions = ''] = rest.split(' ');
  if (path === undefined || fs === '') return undefined;
  const all = [...new Set([...options.split(','), ...superOptions.split(',')])].filter(Boolean);
  // A read-only mount of a writable file system is read-only: the mount's own word counts.
  const shown = all.filter((one) => !(one === 'rw' && options.split(',').includes('ro')));
  return { path: plain(path), source: plain(source), fs, options: shown, root: plain(root) };
}

/** Space, tab, line end and backslash are written in octal. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** The last line of `df -P -k`; its device may have spaces. */
function usageOf(ran: Ran): Known<UsageFact> {
  const why = failureOf(ran, 'df');
  if (why !== undefined) return { error: why };
  const found = /\s(\d+)\s+(\d+)\s+(-?\d+)\s+(\d+)%\s/.exec(ran.text.trim().split('\n').at(-1) ?? '');
  if (!found) return { error: 'df does not say (a file system without a size)' };
  return {
    value: { totalKb: Number(found[1]), freeKb: Math.max(0, Number(found[3])), percent: Number(found[4]) },
  };
}
