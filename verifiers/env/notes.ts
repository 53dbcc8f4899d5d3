import { clockTime } from '../../src/checks/probe/select-processes.ts';
import type { EnvironFact } from '../../src/core/snapshot.ts';
import { likelyCauses } from './causes.ts';
import { type EnvFacts, type Reading, unitNamed } from './facts.ts';
import type { EnvSpec } from './schema.ts';

/** Nearest evidence and likely causes for processes that are wrong; never a value. Pure. */
export function failureNotes(
  spec: EnvSpec,
  facts: EnvFacts,
  read: readonly Reading[],
  badPids: readonly number[],
): string[] {
  const bad = read.filter((one) => badPids.includes(one.process.pid));
  return [
    ...staleNotes(read, bad),
    ...unitNotes(spec, facts, bad),
    ...blockNotes(spec, bad),
    ...causeNotes(spec, bad),
    ...mentionNotes(spec, facts, bad),
  ];
}

/** Set at run time (a putenv such as uWSGI's `env =`): right, and worth knowing when comparing with `ps e`. */
export function passNotes(spec: EnvSpec, read: readonly Reading[]): string[] {
  if ((spec.source ?? 'live') !== 'live') return [];
  const changed = read.flatMap((one) => (one.fact && isChanged(one.fact) ? [one.fact] : []));
  if (changed.length === 0) return [];
  const isMissing = changed.every((one) => one.atExec === null);
  const how = isMissing ? 'is not in' : 'differs from';
  return [`set at run time (putenv, e.g. uWSGI env =): the live value ${how} /proc/PID/environ`];
}

function isChanged(fact: EnvironFact): boolean {
  return typeof fact.live === 'string' && fact.atExec !== undefined && fact.live !== fact.atExec;
}

/** Some are right and some are wrong: when each was started tells which are stale. */
function staleNotes(read: readonly Reading[], bad: readonly Reading[]): string[] {
  const good = read.filter((one) => one.value !== undefined && !bad.includes(one));
  if (good.length === 0) return [];
  const firstGood = Math.min(...good.map((one) => one.process.startedAt));
  const older = bad.filter((one) => one.process.startedAt < firstGood - 0.1);
  if (older.length === 0) return [];
  return older
    .slice(0, 5)
    .map(
      ({ process }) =>
        `pid ${process.pid} started ${clockTime(process.startedAt)}, those that are right at ${clockTime(firstGood)} or later: it was not restarted since the change`,
    );
}

function unitNotes(spec: EnvSpec, facts: EnvFacts, bad: readonly Reading[]): string[] {
  const names = new Set(bad.flatMap((one) => one.process.unit ?? []));
  return [...names].flatMap((name) => {
    const unit = unitNamed(facts.units, name);
    if (!unit?.known) return [];
    const value = unit.environment[spec.env.key];
    const notes: string[] = [];
    if (unit.needsReload)
      notes.push(`the unit file of ${name} changed on disk: systemctl daemon-reload, then restart`);
    if (value === undefined) {
      const files = unit.environmentFiles ?? [];
      const read = files.length > 0 ? `; it reads ${files.join(', ')} at start` : '';
      notes.push(`${name} (as loaded) has no Environment=${spec.env.key}${read}`);
    } else if (bad.some((one) => one.value !== value)) {
      notes.push(
        `${name} (as loaded) has another value (${value.length} chars): the processes were not restarted since, or something changes it after`,
      );
    } else {
      notes.push(`${name} (as loaded) has the same value: it comes from there`);
    }
    return notes;
  });
}

function blockNotes(spec: EnvSpec, bad: readonly Reading[]): string[] {
  if (spec.source !== undefined && spec.source !== 'live') {
    const live = bad.filter((one) => spec.source === 'exec' && one.fact && isChanged(one.fact));
    return live.length > 0
      ? ['it is set live: at run time (putenv, e.g. uWSGI env =), so leave out source: exec']
      : [];
  }
  const inBlock = bad.filter((one) => one.value === null && typeof one.fact?.atExec === 'string');
  if (inBlock.length > 0)
    return ['it was set at start and is not any more: the program removed it (unsetenv, uWSGI unenv)'];
  const changed = bad.filter((one) => one.fact && isChanged(one.fact));
  return changed.length > 0
    ? ['the live value was set at run time (putenv, e.g. uWSGI env =), over the one at start']
    : [];
}

function causeNotes(spec: EnvSpec, bad: readonly Reading[]): string[] {
  const wanted = spec.value ?? spec.each;
  if (wanted?.kind !== 'equal' || typeof wanted.value !== 'string') return [];
  const text = wanted.value;
  return [
    ...new Set(bad.flatMap((one) => (typeof one.value === 'string' ? likelyCauses(one.value, text) : []))),
  ];
}

const LOGIN_FILES = /^\/etc\/profile|\/\.(bash|profile|zsh|pam_)|^\/etc\/(bash|zsh|environment)/;

function mentionNotes(spec: EnvSpec, facts: EnvFacts, bad: readonly Reading[]): string[] {
  if (!bad.some((one) => one.value === null) || facts.mentions.length === 0) return [];
  const login = facts.mentions.filter((path) => LOGIN_FILES.test(path));
  const other = facts.mentions.filter((path) => !LOGIN_FILES.test(path));
  const notes: string[] = [];
  if (login.length > 0) {
    notes.push(
      `${login.join(', ')} sets ${spec.env.key}, but only login shells read that: a service does not. Set it in the unit or the service's own config`,
    );
  }
  if (other.length > 0) notes.push(`${other.join(', ')} mentions ${spec.env.key}`);
  return notes;
}
