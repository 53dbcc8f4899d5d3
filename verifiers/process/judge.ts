import { judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matcher.ts';
import { describeSelector } from '../../src/checks/probe/process-selector.ts';
import {
  commandLine,
  describeProcess,
  nothingSelected,
  rolesOf,
  selectProcesses,
  selectZombies,
} from '../../src/checks/probe/select-processes.ts';
import { judgeStartedAfter } from '../../src/checks/probe/started-after.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { FileFact, ProcessFact } from '../../src/core/snapshot.ts';
import { hiddenName } from './hidden-name.ts';
import { judgeEach, judgeSome } from './judge-ones.ts';
import { partOfArgs } from './part-of-args.ts';
import { judgeRestarts, type Restarts } from './restarts.ts';
import type { ProcessSpec } from './schema.ts';
import { askedOf } from './values.ts';

export interface ProcessFacts {
  readonly processes: readonly ProcessFact[];
  readonly file: FileFact | undefined;
  /** Undefined when not asked for. */
  readonly restarts?: Restarts | undefined;
  /** Seconds since the epoch on the instance. */
  readonly takenAt: number;
  readonly via: string;
}

/** Pure. `running` gates what is said of each process; the counts are judged also when they are zero. */
export function judgeProcess(spec: ProcessSpec, facts: ProcessFacts): CheckResult[] {
  const selected = selectProcesses(facts.processes, spec.process);
  const source = `/proc, via ${facts.via}`;
  const doubt = selected.length === 0 ? partOfArgs(facts.processes, spec.process, source) : undefined;
  const absent =
    selected.length === 0 ? (doubt ?? hiddenName(facts.processes, spec.process, source)) : undefined;
  if (spec.running === false) return [absent ?? judgeNotRunning(spec, selected, source)];
  const counts = judgeCounts(spec, facts, selected, source);
  const each = [...askedOf(spec, facts.takenAt), ...askedOf(spec.each ?? {}, facts.takenAt)];
  const some = (['any', 'none'] as const).filter((which) => spec[which] !== undefined);
  const isOfOnes =
    each.length > 0 || some.length > 0 || spec.startedAfter !== undefined || spec.restarts !== undefined;
  if (selected.length === 0 && (isOfOnes || counts.length === 0)) {
    return [notRunning(spec, facts, source), ...counts];
  }
  if (doubt) return [doubt];
  if (absent && counts.every(({ outcome }) => outcome === 'pass')) return [absent];
  const running: CheckResult = {
    property: 'running',
    outcome: 'pass',
    expected: 'running',
    observed: selected.slice(0, 5).map(describeProcess).join(', '),
    source,
  };
  const shown = spec.running || (counts.length === 0 && !isOfOnes);
  return [
    ...(shown ? [running] : []),
    ...counts,
    ...each.map((asked) => judgeEach(asked, selected, source)),
    ...some.map((which) => judgeSome(which, askedOf(spec[which] ?? {}, facts.takenAt), selected, source)),
    ...(spec.startedAfter === undefined
      ? []
      : [judgeStartedAfter(spec.startedAfter, facts.file, selected, source)]),
    ...(spec.restarts === undefined || facts.restarts === undefined
      ? []
      : [judgeRestarts(spec.restarts, selected, facts.restarts)]),
  ];
}

function judgeNotRunning(spec: ProcessSpec, selected: readonly ProcessFact[], source: string): CheckResult {
  const expected = `running: no ${describeSelector(spec.process)}`;
  if (selected.length === 0)
    return { property: 'running', outcome: 'pass', expected, observed: 'none', source };
  const shown = selected
    .slice(0, 5)
    .map((one) => `${describeProcess(one)}: ${commandLine(one).slice(0, 120)}`);
  return {
    property: 'running',
    outcome: 'fail',
    expected,
    observed: `${selected.length}: ${shown.join('; ')}`,
    source,
  };
}

function notRunning(spec: ProcessSpec, facts: ProcessFacts, source: string): CheckResult {
  const who = describeSelector(spec.process);
  const zombies = selectZombies(facts.processes, spec.process).map(
    (one) => `pid ${one.pid} is a zombie: it ended and its parent (pid ${one.ppid}) has not noticed`,
  );
  return {
    property: 'running',
    outcome: 'fail',
    expected: `running: ${who}`,
    observed: `no process is ${who}`,
    source,
    notes: [...nothingSelected(facts.processes, spec.process), ...zombies],
  };
}

function judgeCounts(
  spec: ProcessSpec,
  facts: ProcessFacts,
  selected: readonly ProcessFact[],
  source: string,
): CheckResult[] {
  const notes = selected.length === 0 ? nothingSelected(facts.processes, spec.process) : listed(selected);
  const roles = [...rolesOf(selected).values()];
  const workers = roles.filter((one) => one === 'worker').length;
  const count = (property: string, wanted: Matcher | undefined, number: number): CheckResult[] =>
    wanted === undefined ? [] : [judgeValue(property, number, wanted, { source, notes })];
  return [
    ...count('count', spec.count, selected.length),
    ...count('workers', spec.workers, workers),
    ...count('masters', spec.masters, roles.length - workers),
    ...count('zombies', spec.zombies, selectZombies(facts.processes, spec.process).length),
  ];
}

function listed(selected: readonly ProcessFact[]): string[] {
  const more = selected.length > 10 ? [`and ${selected.length - 10} more`] : [];
  return [...selected.slice(0, 10).map((one) => `${describeProcess(one)}, parent ${one.ppid}`), ...more];
}
