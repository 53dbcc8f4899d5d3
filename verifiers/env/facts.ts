import { withSuffix } from '../../src/checks/probe/request.ts';
import { selectProcesses } from '../../src/checks/probe/select-processes.ts';
import { plural } from '../../src/core/plural.ts';
import type { EnvironFact, FileFact, ProcessFact, UnitFact } from '../../src/core/snapshot.ts';
import type { Mention } from './evidence.ts';
import type { EnvSpec } from './schema.ts';

export interface EnvFacts {
  readonly processes: readonly ProcessFact[];
  readonly environ: readonly EnvironFact[];
  readonly units: readonly UnitFact[];
  readonly file: FileFact | undefined;
  /** Files of login shells and defaults that mention the key; only looked for when something is wrong. */
  readonly mentions: readonly Mention[];
  readonly via: string;
}

/** What one process says. `undefined` with `error`: could not be read; `null`: read, and not set. */
export interface Reading {
  readonly process: ProcessFact;
  readonly value: string | null | undefined;
  readonly error: string | undefined;
  readonly fact: EnvironFact | undefined;
}

/**
 * The key in every selected process, from the place the check asks for. Processes that ended while being read are left
 * out, unless there is no other. Pure.
 */
export function readings(spec: EnvSpec, facts: EnvFacts): Reading[] {
  const all = allReadings(spec, facts);
  const left = all.filter((one) => !hasEnded(one));
  return left.length > 0 ? left : all;
}

function allReadings(spec: EnvSpec, facts: EnvFacts): Reading[] {
  const { of, key } = spec.env;
  const byPid = new Map(facts.environ.filter((one) => one.key === key).map((one) => [one.pid, one]));
  return selectProcesses(facts.processes, of).map((process) => {
    const fact = byPid.get(process.pid);
    const at =
      spec.source === 'unit' ? fromUnit(spec, facts, process) : fromProcess(spec.source ?? 'live', fact);
    return { process, fact, ...at };
  });
}

/** The probe's word for a process that it had seen and that was no more when its environment was read. */
const GONE = 'gone';

function hasEnded({ fact }: Reading): boolean {
  return fact?.liveError === GONE;
}

/** The one value that every process must have, when the check asks for one. */
export function expectedValue(spec: EnvSpec): string | undefined {
  const wanted = spec.value ?? spec.each;
  return wanted?.kind === 'equal' && typeof wanted.value === 'string' ? wanted.value : undefined;
}

type Place = Pick<Reading, 'value' | 'error'>;

function fromProcess(source: 'live' | 'exec' | 'any', fact: EnvironFact | undefined): Place {
  if (!fact || fact.liveError === GONE) return { value: undefined, error: 'it ended while being read' };
  const exec = { value: fact.atExec, error: fact.atExecError };
  if (source === 'exec') return exec;
  const live = { value: fact.live, error: fact.liveError };
  return source === 'any' && live.value === undefined ? exec : live;
}

function fromUnit(spec: EnvSpec, facts: EnvFacts, process: ProcessFact): Place {
  const name = spec.env.of.unit ?? process.unit;
  if (name === undefined) return { value: undefined, error: 'it belongs to no unit' };
  const unit = unitNamed(facts.units, name);
  if (!unit?.known) return { value: undefined, error: `the service manager does not know ${name}` };
  return { value: unit.environment[spec.env.key] ?? null, error: undefined };
}

export function unitNamed(units: readonly UnitFact[], name: string): UnitFact | undefined {
  return units.find((one) => withSuffix(one.unit) === withSuffix(name));
}

/** `live environ of 5 processes, via exec (SYS_PTRACE), perl` */
export function describeSource(spec: EnvSpec, read: readonly Reading[], facts: EnvFacts): string {
  const { via } = facts;
  const ended = allReadings(spec, facts).length - read.length;
  const count = `${plural(read.length, 'process', 'processes')}${ended > 0 ? ` (${ended} more ended while being read)` : ''}`;
  switch (spec.source ?? 'live') {
    case 'live':
      return `live environ of ${count}, via ${via}`;
    case 'exec':
      return `/proc/PID/environ (block at start) of ${count}, via ${via}`;
    case 'unit':
      return `Environment= of the loaded unit, via ${via}`;
    default: {
      const blocks = read.filter((one) => one.fact?.live === undefined).length;
      const rest = blocks === 0 ? '' : ` (block at start of ${blocks})`;
      return `live environ of ${count}${rest}, via ${via}`;
    }
  }
}
