import type { EnvironFact } from '../../src/core/snapshot.ts';
import { likelyCauses } from './causes.ts';
import { type EnvFacts, expectedValue, type Reading } from './facts.ts';
import type { EnvSpec } from './schema.ts';
import { fileNotes, lateNotes, staleNotes, unitNotes } from './stale.ts';

/** Nearest evidence and likely causes for processes that are wrong; never a value. Pure. */
export function failureNotes(
  spec: EnvSpec,
  facts: EnvFacts,
  read: readonly Reading[],
  badPids: readonly number[],
): string[] {
  const bad = read.filter((one) => badPids.includes(one.process.pid));
  const late = lateNotes(facts, bad);
  const isExplained = late.some((one) => one.isExpected);
  return [
    ...staleNotes(facts, read, bad),
    ...late.map((one) => one.note),
    ...(isExplained ? [] : [...unitNotes(spec, facts, bad), ...blockNotes(spec, bad)]),
    ...causeNotes(spec, bad),
    ...fileNotes(spec, facts, bad, late),
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
  const text = expectedValue(spec);
  if (text === undefined) return [];
  return [
    ...new Set(bad.flatMap((one) => (typeof one.value === 'string' ? likelyCauses(one.value, text) : []))),
  ];
}
