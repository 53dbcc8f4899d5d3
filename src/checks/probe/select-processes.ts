import type { ProcessFact } from '../../core/snapshot.ts';
import { holds } from '../holds.ts';
import type { ProcessSelector } from './process-selector.ts';
import { withSuffix } from './request.ts';

/** The processes that the selector means, zombies not among them, by pid. Pure. */
export function selectProcesses(all: readonly ProcessFact[], selector: ProcessSelector): ProcessFact[] {
  return matching(all, selector).filter((one) => one.state !== 'Z');
}

/** Zombies that the selector means; one has no arguments, program or cgroup any more: its parent's unit counts. */
export function selectZombies(all: readonly ProcessFact[], selector: ProcessSelector): ProcessFact[] {
  const { name, unit } = selector;
  const byPid = new Map(all.map((one) => [one.pid, one]));
  return all.filter((one) => {
    if (one.state !== 'Z' || (name !== undefined && !isNamed(one, name))) return false;
    return belongsTo(one, unit) || belongsTo(byPid.get(one.ppid) ?? one, unit);
  });
}

function matching(all: readonly ProcessFact[], selector: ProcessSelector): ProcessFact[] {
  const { args, user, role, parent } = selector;
  const family = familyOf(all, selector);
  const byPid = new Map(all.map((one) => [one.pid, one]));
  const isChild = (one: ProcessFact): boolean => family.has(one.ppid);
  const parents = new Set([...family.values()].filter(isChild).map((one) => one.ppid));
  return [...family.values()]
    .filter((one) => {
      if (role === 'worker' && !isChild(one)) return false;
      if (role === 'master' && (isChild(one) || !parents.has(one.pid))) return false;
      if (args && !holds(commandLine(one), args)) return false;
      if (user && !holds(one.user, user)) return false;
      const above = byPid.get(one.ppid);
      return parent === undefined || (above !== undefined && isNamed(above, parent));
    })
    .toSorted((a, b) => a.pid - b.pid);
}

/** Who can be master or worker of whom: same name and unit. Titles, users and arguments differ within a family. */
function familyOf(all: readonly ProcessFact[], selector: ProcessSelector): Map<number, ProcessFact> {
  const { name, unit, args } = selector;
  const only = name === undefined && unit === undefined ? args : undefined;
  const family = all.filter((one) => {
    if (name !== undefined && !isNamed(one, name)) return false;
    if (!belongsTo(one, unit)) return false;
    return only === undefined || holds(commandLine(one), only);
  });
  return new Map(family.filter((one) => one.state !== 'Z').map((one) => [one.pid, one]));
}

function belongsTo(process: ProcessFact, unit: string | undefined): boolean {
  return unit === undefined || process.unit === withSuffix(unit);
}

/** comm (cut by the kernel at 15 characters), the file name in argv[0], or that of the program file. */
export function isNamed(process: ProcessFact, name: string): boolean {
  if (process.comm === name || (name.length > 15 && process.comm === name.slice(0, 15))) return true;
  return fileName(process.args[0]) === name || fileName(process.exe) === name;
}

function fileName(path: string | undefined): string | undefined {
  return path?.replace(/ \(deleted\)$/, '').replace(/^.*\//s, '');
}

export function commandLine(process: ProcessFact): string {
  return process.args.length > 0 ? process.args.join(' ') : `[${process.comm}]`;
}

/** `pid 71 (uwsgi, www-data, started 02:01:10 UTC)` */
export function describeProcess(process: ProcessFact): string {
  return `pid ${process.pid} (${process.comm}, ${process.user}, started ${clockTime(process.startedAt)})`;
}

/** Time of day in UTC, with the fraction that decides between a write and a restart in the same second. */
export function clockTime(seconds: number): string {
  const text = new Date(seconds * 1000).toISOString();
  return `${text.slice(11, 21)} UTC`;
}

/** Names of what runs, most frequent first: `nginx ×3, cron, systemd`. */
export function runningNames(all: readonly ProcessFact[], limit = 12): string {
  const counts = new Map<string, number>();
  for (const { comm } of all) counts.set(comm, (counts.get(comm) ?? 0) + 1);
  const names = [...counts].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const shown = names.slice(0, limit).map(([comm, count]) => (count > 1 ? `${comm} ×${count}` : comm));
  return `${shown.join(', ')}${names.length > limit ? ` and ${names.length - limit} more` : ''}`;
}

/** What to say when nothing is selected: how many have the name, else what runs. */
export function nothingSelected(all: readonly ProcessFact[], selector: ProcessSelector): string[] {
  const { name } = selector;
  const named = name === undefined ? [] : all.filter((one) => isNamed(one, name));
  if (named.length > 0) {
    const shown = named
      .slice(0, 5)
      .map((one) => `${describeProcess(one)}, unit ${one.unit ?? 'none'}: ${commandLine(one).slice(0, 120)}`);
    return [
      `of that name, but not selected: ${shown.join('; ')}${named.length > 5 ? ` and ${named.length - 5} more` : ''}`,
    ];
  }
  return [`running: ${runningNames(all)}`];
}
