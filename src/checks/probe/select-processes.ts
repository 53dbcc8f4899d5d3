import { noun } from '../../core/plural.ts';
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
  const { args, user, role, parent, exe } = selector;
  const family = familyOf(all, selector);
  const byPid = new Map(all.map((one) => [one.pid, one]));
  const isOfParent = parent === undefined ? undefined : namedIn(all, parent);
  const roles = role === undefined ? undefined : rolesOf(family);
  return family
    .filter((one) => {
      if (roles && roles.get(one.pid) !== role) return false;
      if (args && !holds(commandLine(one), args)) return false;
      if (user && !holds(one.user, user)) return false;
      if (exe && !holds(one.exe?.replace(/ \(deleted\)$/, ''), exe)) return false;
      const above = byPid.get(one.ppid);
      return isOfParent === undefined || (above !== undefined && isOfParent(above));
    })
    .toSorted((a, b) => a.pid - b.pid);
}

/** Who can be master or worker of whom: same name and unit. Titles, users and arguments differ within a family. */
function familyOf(all: readonly ProcessFact[], selector: ProcessSelector): ProcessFact[] {
  const { name, unit, args, port, pidfile } = selector;
  const only = name === undefined && unit === undefined ? args : undefined;
  const isOfName = name === undefined ? () => true : namedIn(all, name);
  return all.filter((one) => {
    if (one.state === 'Z' || !isOfName(one)) return false;
    if (!belongsTo(one, unit)) return false;
    if ((port ?? pidfile) !== undefined && one.isChosen !== true) return false;
    return only === undefined || holds(commandLine(one), only);
  });
}

/**
 * Who is a master and who a worker in a family, by pid; who is neither is not in the map. A worker has its parent in
 * the family and is no master of its own: one that was started by exec (as uWSGI's emperor does with its vassals) and
 * has children. A master is the parent of a worker, and no worker itself. Pure.
 */
export function rolesOf(family: readonly ProcessFact[]): Map<number, 'master' | 'worker'> {
  const byPid = new Map(family.map((one) => [one.pid, one]));
  const parents = new Set(family.map((one) => one.ppid));
  const isWorker = (one: ProcessFact): boolean => {
    const above = byPid.get(one.ppid);
    return above !== undefined && !(parents.has(one.pid) && isOtherProgram(one, above));
  };
  const workers = family.filter(isWorker);
  const masters = workers.flatMap((one) => byPid.get(one.ppid) ?? []).filter((one) => !isWorker(one));
  return new Map([
    ...masters.map((one) => [one.pid, 'master'] as const),
    ...workers.map((one) => [one.pid, 'worker'] as const),
  ]);
}

/** fork keeps the addresses of the parent, exec gets new ones; where these may not be read, the arguments tell. */
function isOtherProgram(one: ProcessFact, above: ProcessFact): boolean {
  if (one.stackStart !== undefined && above.stackStart !== undefined)
    return one.stackStart !== above.stackStart;
  return commandLine(one) !== commandLine(above);
}

function belongsTo(process: ProcessFact, unit: string | undefined): boolean {
  return unit === undefined || process.unit === withSuffix(unit);
}

/**
 * comm (cut by the kernel at 15 characters), the file name in argv[0], that of the program file, or the first word of
 * a title that the process has given itself (`puma: cluster worker 0`, `unicorn master -c …`).
 */
export function isNamed(process: ProcessFact, name: string): boolean {
  if (process.comm === name || (name.length > 15 && process.comm === name.slice(0, 15))) return true;
  if (fileName(process.args[0]) === name || fileName(process.exe) === name) return true;
  return process.args.length === 1 && titleName(process.args[0]) === name;
}

/**
 * Also those that run the same program file as one of that name, when the file's name begins with it: where
 * /usr/bin/uwsgi is a link to uwsgi-core, uWSGI's emperor starts its vassals as uwsgi-core.
 */
function namedIn(all: readonly ProcessFact[], name: string): (process: ProcessFact) => boolean {
  const programs = new Set(
    all.flatMap((one) => (fileName(one.exe)?.startsWith(name) && isNamed(one, name) ? one.exe : [])),
  );
  return (one) => isNamed(one, name) || (one.exe !== undefined && programs.has(one.exe));
}

function titleName(title: string | undefined): string | undefined {
  return title?.match(/^[^\s:[]+(?=[\s:[])/)?.[0];
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

/** Several, those of one name, user and start together: `pids 71, 72 (uwsgi, www-data, started …)`; five at most. */
export function describeProcesses(all: readonly ProcessFact[]): string {
  const groups = Map.groupBy(all.slice(0, 5), (one) => describeProcess(one).replace(/^pid \d+ /, ''));
  const words = [...groups].map(
    ([who, those]) => `${noun(those.length, 'pid')} ${those.map(({ pid }) => pid).join(', ')} ${who}`,
  );
  return `${words.join(', ')}${all.length > 5 ? ` and ${all.length - 5} more` : ''}`;
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
  const named = name === undefined ? [] : all.filter(namedIn(all, name));
  if (named.length > 0) {
    const shown = named
      .slice(0, 5)
      .map((one) => `${describeProcess(one)}, unit ${one.unit ?? 'none'}: ${commandLine(one).slice(0, 120)}`);
    return [
      `of that name, but not selected: ${shown.join('; ')}${named.length > 5 ? ` and ${named.length - 5} more` : ''}`,
    ];
  }
  const near = name === undefined ? [] : all.filter((one) => commandLine(one).includes(name));
  const notes = [`running: ${runningNames(all)}`];
  const first = near[0];
  if (first === undefined) return notes;
  return [
    `its name is another, but its command line has it: ${describeProcess(first)}: ${commandLine(first).slice(0, 120)}; select it with args`,
    ...notes,
  ];
}
