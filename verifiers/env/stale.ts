import { clockTime, commandLine } from '../../src/checks/probe/select-processes.ts';
import { shownVariable } from '../../src/checks/shown-variable.ts';
import { noun } from '../../src/core/plural.ts';
import type { ProcessFact, UnitFact } from '../../src/core/snapshot.ts';
import type { Mention } from './evidence.ts';
import { type EnvFacts, expectedValue, type Reading, unitNamed } from './facts.ts';
import type { EnvSpec } from './schema.ts';

/** Start times and times of files come from clocks that differ by a tick of the kernel. */
const TOLERANCE_S = 0.1;

/** Some are right and some are wrong: when each was started tells which are stale. Pure. */
export function staleNotes(facts: EnvFacts, read: readonly Reading[], bad: readonly Reading[]): string[] {
  const good = read.filter((one) => one.value !== undefined && !bad.includes(one));
  if (good.length === 0) return [];
  const firstGood = Math.min(...good.map((one) => one.process.startedAt));
  const above = new Set(good.map((one) => one.process.ppid));
  const stale = bad.map((one) => one.process).filter((one) => one.startedAt < firstGood - TOLERANCE_S);
  return [...new Set(stale.map((one) => one.ppid))].slice(0, 5).map((ppid) => {
    const group = stale.filter((one) => one.ppid === ppid);
    const parent = facts.processes.find((one) => one.pid === ppid);
    const below =
      parent && parent.pid > 1 && !above.has(parent.pid)
        ? ` (below pid ${parent.pid}: ${commandLine(parent).slice(0, 80)})`
        : '';
    return `${startOf(group)}${below}, those that are right at ${clockTime(firstGood)} or later: not restarted since the change; ${restart(group[0])}`;
  });
}

const SHOWN = 5;

/** `pid 83 started …`, `pids 83, 84 started …` with the earliest time. */
function startOf(group: readonly ProcessFact[]): string {
  const pids = group.slice(0, SHOWN).map((one) => one.pid);
  const more = group.length > SHOWN ? ` and ${group.length - SHOWN} more` : '';
  return `${noun(group.length, 'pid')} ${pids.join(', ')}${more} started ${clockTime(Math.min(...group.map((one) => one.startedAt)))}`;
}

/** What the units give the variable, and whether that came too late for the processes. Pure. */
export function unitNotes(spec: EnvSpec, facts: EnvFacts, bad: readonly Reading[]): string[] {
  const names = new Set(bad.flatMap((one) => one.process.unit ?? []));
  return [...names].flatMap((name) => {
    const unit = unitNamed(facts.units, name);
    if (!unit?.known) return [];
    const notes: string[] = [];
    if (unit.needsReload)
      notes.push(`the unit file of ${name} changed on disk: systemctl daemon-reload, then restart`);
    return [...notes, ...loadedNotes(spec, bad, unit, name)];
  });
}

function loadedNotes(spec: EnvSpec, bad: readonly Reading[], unit: UnitFact, name: string): string[] {
  const value = unit.environment[spec.env.key];
  if (value === undefined) {
    const files = unit.environmentFiles ?? [];
    const read = files.length > 0 ? `; it reads ${files.join(', ')} at start` : '';
    return [`${name} (as loaded) has no Environment=${spec.env.key}${read}`];
  }
  if (!bad.some((one) => one.value !== value)) {
    return [`${name} (as loaded) has the same value: it comes from there`];
  }
  const what =
    value === expectedValue(spec)
      ? 'the expected value'
      : `another value (${shownVariable(spec.env.key, value) ?? `${value.length} chars`})`;
  return [
    `${name} (as loaded) has ${what}: the processes were not restarted since (systemctl restart ${name}), or something changes it after`,
  ];
}

/** Files that were changed after they had been read. Pure. */
export function lateNotes(facts: EnvFacts, bad: readonly Reading[]): Late[] {
  return facts.mentions
    .filter((one) => !LOGIN_FILES.test(one.path))
    .flatMap((one) => lateNote(facts, bad, one) ?? []);
}

/** Files that set the variable now, beside those of `late`; and that none does. Pure. */
export function fileNotes(
  spec: EnvSpec,
  facts: EnvFacts,
  bad: readonly Reading[],
  late: readonly Late[],
): string[] {
  const { key } = spec.env;
  const paths = facts.mentions
    .map((one) => one.path)
    .filter((path) => !late.some((one) => one.path === path));
  const login = paths.filter((path) => LOGIN_FILES.test(path));
  const other = paths.filter((path) => !LOGIN_FILES.test(path));
  return [
    ...(login.length > 0 && bad.some((one) => one.value === null)
      ? [
          `${login.join(', ')} sets ${key}, but only login shells read that: a service does not. Set it in the unit or the service's own config`,
        ]
      : []),
    ...(other.length > 0 ? [`${other.join(', ')} mentions ${key}`] : []),
    ...leftover(spec, facts, bad),
  ];
}

/** A file that was changed too late, and whether it has the value that is expected. */
export interface Late {
  readonly path: string;
  readonly isExpected: boolean;
  readonly note: string;
}

const LOGIN_FILES = /^\/etc\/profile|\/\.(bash|profile|zsh|pam_)|^\/etc\/(bash|zsh|environment)/;

/** By the process itself, or by systemd for all of the unit. */
function lateNote(facts: EnvFacts, bad: readonly Reading[], mention: Mention): Late | undefined {
  const { path, changedAt } = mention;
  if (changedAt === undefined) return undefined;
  const isExpected = mention.isExpected === true;
  const what = `${path} ${isExpected ? 'has the expected value, but was' : 'was'} changed ${clockTime(changedAt)}`;
  const isLate = (one: ProcessFact): boolean => one.startedAt + TOLERANCE_S < changedAt;
  for (const { process } of bad) {
    const unit = process.unit === undefined ? undefined : unitNamed(facts.units, process.unit);
    if (unit?.environmentFiles?.includes(path)) {
      const main = facts.processes.find((one) => one.pid === unit.mainPid) ?? process;
      if (!isLate(main)) continue;
      const note = `${what}, and systemd read it when pid ${main.pid} started ${clockTime(main.startedAt)}: ${restart(process)} (a reload or SIGHUP keeps the old environment)`;
      return { path, isExpected, note };
    }
    if (!isLate(process)) continue;
    const late = bad.map((one) => one.process).filter(isLate);
    const note = `${what}, after ${startOf(late)}: ${restart(process)}, or make it read its config again`;
    return { path, isExpected, note };
  }
  return undefined;
}

/** uWSGI's reload is an exec with the environment it has: what was taken out of its config stays. */
function leftover(spec: EnvSpec, facts: EnvFacts, bad: readonly Reading[]): string[] {
  const first = bad[0];
  if (spec.set !== false || first === undefined || facts.mentions.length > 0) return [];
  const unit = first.process.unit === undefined ? undefined : unitNamed(facts.units, first.process.unit);
  const isOfUnit = unit !== undefined && spec.env.key in unit.environment;
  if (typeof first.fact?.atExec !== 'string' || isOfUnit) return [];
  return [
    `no file that was looked at sets ${spec.env.key} now: a reload keeps the environment of before (uWSGI's SIGHUP does), so ${restart(first.process)}`,
  ];
}

function restart(process: ProcessFact | undefined): string {
  return process?.unit?.endsWith('.service') ? `systemctl restart ${process.unit}` : 'restart it';
}
