import { describeMatcher } from '../../src/checks/describe-matcher.ts';
import { judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matcher.ts';
import { match } from '../../src/checks/matchers.ts';
import { describeSelector } from '../../src/checks/probe/process-selector.ts';
import {
  commandLine,
  describeProcess,
  nothingSelected,
  selectProcesses,
  selectZombies,
} from '../../src/checks/probe/select-processes.ts';
import { judgeStartedAfter } from '../../src/checks/probe/started-after.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { FileFact, ProcessFact } from '../../src/core/snapshot.ts';
import type { ProcessSpec } from './schema.ts';

export interface ProcessFacts {
  readonly processes: readonly ProcessFact[];
  readonly file: FileFact | undefined;
  /** Seconds since the epoch on the instance. */
  readonly takenAt: number;
  readonly via: string;
}

/** Pure. `running` gates what is said of each process; the counts are judged also when they are zero. */
export function judgeProcess(spec: ProcessSpec, facts: ProcessFacts): CheckResult[] {
  const selected = selectProcesses(facts.processes, spec.process);
  const source = `/proc, via ${facts.via}`;
  if (spec.running === false) return [judgeNotRunning(spec, selected, source)];
  const counts = judgeCounts(spec, facts, selected, source);
  const each = eachAttribute(spec, facts);
  if (selected.length === 0 && (each.length > 0 || spec.startedAfter !== undefined || counts.length === 0)) {
    return [notRunning(spec, facts, source), ...counts];
  }
  const running: CheckResult = {
    property: 'running',
    outcome: 'pass',
    expected: 'running',
    observed: selected.slice(0, 5).map(describeProcess).join(', '),
    source,
  };
  const shown = spec.running || (counts.length === 0 && each.length === 0 && spec.startedAfter === undefined);
  return [
    ...(shown ? [running] : []),
    ...counts,
    ...each.map(([property, wanted, valueOf]) => judgeEach(property, wanted, valueOf, selected, source)),
    ...(spec.startedAfter === undefined
      ? []
      : [judgeStartedAfter(spec.startedAfter, facts.file, selected, source)]),
  ];
}

function judgeNotRunning(spec: ProcessSpec, selected: readonly ProcessFact[], source: string): CheckResult {
  const expected = `no ${describeSelector(spec.process)} running`;
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
    expected: `${who} running`,
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
  const pids = new Set(selected.map((one) => one.pid));
  const workers = selected.filter((one) => pids.has(one.ppid));
  const parents = new Set(workers.map((one) => one.ppid));
  const masters = selected.filter((one) => parents.has(one.pid) && !pids.has(one.ppid));
  const count = (property: string, wanted: Matcher | undefined, number: number): CheckResult[] =>
    wanted === undefined ? [] : [judgeValue(property, number, wanted, { source, notes })];
  return [
    ...count('count', spec.count, selected.length),
    ...count('workers', spec.workers, workers.length),
    ...count('masters', spec.masters, masters.length),
    ...count('zombies', spec.zombies, selectZombies(facts.processes, spec.process).length),
  ];
}

function listed(selected: readonly ProcessFact[]): string[] {
  const more = selected.length > 10 ? [`and ${selected.length - 10} more`] : [];
  return [...selected.slice(0, 10).map((one) => `${describeProcess(one)}, parent ${one.ppid}`), ...more];
}

type Each = readonly [property: string, wanted: Matcher, valueOf: (process: ProcessFact) => unknown];

function eachAttribute(spec: ProcessSpec, facts: ProcessFacts): Each[] {
  const all: [string, Matcher | undefined, (process: ProcessFact) => unknown][] = [
    ['user', spec.user, (one) => one.user],
    ['args', spec.args, commandLine],
    ['state', spec.state, (one) => one.state],
    ['uptime', spec.uptime, (one) => Math.round((facts.takenAt - one.startedAt) * 10) / 10],
  ];
  return all.flatMap(([property, wanted, valueOf]) =>
    wanted === undefined ? [] : [[property, wanted, valueOf] as const],
  );
}

function judgeEach(
  property: string,
  wanted: Matcher,
  valueOf: (process: ProcessFact) => unknown,
  selected: readonly ProcessFact[],
  source: string,
): CheckResult {
  const looked = selected.map((process) => ({ process, ...match(valueOf(process), wanted) }));
  const wrong = looked.filter((one) => !one.ok);
  const expected = selected.length === 1 ? describeMatcher(wanted) : `each ${describeMatcher(wanted)}`;
  if (wrong.length === 0) {
    const values = [...new Set(looked.map((one) => one.observed))].slice(0, 3).join(', ');
    return { property, outcome: 'pass', expected, observed: values, source };
  }
  const shown = wrong.slice(0, 5).map((one) => `${describeProcess(one.process)}: ${one.observed}`);
  const ok = looked.length - wrong.length;
  const observed = `${ok > 0 ? `${ok} of ${looked.length} so; ` : ''}${shown.join('; ')}`;
  return { property, outcome: 'fail', expected, observed, source };
}
