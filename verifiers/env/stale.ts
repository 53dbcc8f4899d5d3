import { clockTime, commandLine } from '../../src/checks/probe/select-processes.ts';
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
  return bad
    .filter((one) => one.process.startedAt < firstGood - TOLERANCE_S)
    .slice(0, 5)
    .map(({ process }) => {
      const parent = facts.processes.find((one) => one.pid === process.ppid);
      const below =
        parent && parent.pid > 1 && !above.has(parent.pid)
          ? ` (below pid ${parent.pid}: ${commandLine(parent).slice(0, 80)})`
          : '';
      return `pid ${process.pid}${below} started ${clockTime(process.startedAt)}, those that are right at ${clockTime(firstGood)} or later: it was not restarted since the change; ${restart(process)}`;
    });
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
  const what = value === expectedValue(spec) ? 'the expected value' : `another value (${value.length} chars)`;
  return [
    `${name} (as loaded) has ${what}: the processes were not restarted since (systemctl restart ${name}), or something changes it after`,
  ];
}

/** Files that set the variable now: read before they were changed, or read by login shells only. Pure. */
export function fileNotes(spec: EnvSpec, facts: EnvFacts, bad: readonly Reading[]): string[] {
  const { mentions } = facts;
  const isLogin = (one: Mention): boolean => LOGIN_FILES.test(one.path);
  const late = mentions.filter((one) => !isLogin(one)).flatMap((one) => lateNotes(facts, bad, one));
  const told = new Set(late.map((one) => one.path));
  const login = mentions.filter(isLogin).map((one) => one.path);
  const other = mentions.filter((one) => !isLogin(one) && !told.has(one.path)).map((one) => one.path);
  const { key } = spec.env;
  const isUnset = bad.some((one) => one.value === null);
  return [
    ...late.map((one) => one.note),
    ...(login.length > 0 && isUnset
      ? [
          `${login.join(', ')} sets ${key}, but only login shells read that: a service does not. Set it in the unit or the service's own config`,
        ]
      : []),
    ...(other.length > 0 ? [`${other.join(', ')} mentions ${key}`] : []),
    ...leftover(spec, facts, bad),
  ];
}

const LOGIN_FILES = /^\/etc\/profile|\/\.(bash|profile|zsh|pam_)|^\/etc\/(bash|zsh|environment)/;

/** A file that was changed after it had been read: by the process itself, or by systemd for all of the unit. */
function lateNotes(
  facts: EnvFacts,
  bad: readonly Reading[],
  mention: Mention,
): { readonly path: string; readonly note: string }[] {
  const { path, changedAt } = mention;
  if (changedAt === undefined) return [];
  const what =
    mention.isExpected === true
      ? `${path} has the expected value, but was changed ${clockTime(changedAt)}`
      : `${path} was changed ${clockTime(changedAt)}`;
  for (const { process } of bad) {
    const unit = process.unit === undefined ? undefined : unitNamed(facts.units, process.unit);
    if (unit?.environmentFiles?.includes(path)) {
      const main = facts.processes.find((one) => one.pid === unit.mainPid) ?? process;
      if (main.startedAt + TOLERANCE_S >= changedAt) continue;
      const note = `${what}, and systemd read it when pid ${main.pid} started ${clockTime(main.startedAt)}: ${restart(process)} (a reload or SIGHUP keeps the old environment)`;
      return [{ path, note }];
    }
    if (process.startedAt + TOLERANCE_S >= changedAt) continue;
    const note = `${what}, after pid ${process.pid} started ${clockTime(process.startedAt)}: ${restart(process)}, or make it read its config again`;
    return [{ path, note }];
  }
  return [];
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

function restart(process: ProcessFact): string {
  return process.unit?.endsWith('.service') ? `systemctl restart ${process.unit}` : 'restart it';
}
