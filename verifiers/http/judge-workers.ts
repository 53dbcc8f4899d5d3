import { cannotLook } from '../../src/checks/judge-value.ts';
import type { CheckResult, Repeat } from '../../src/core/check.ts';
import type { HttpFacts } from './observe.ts';
import type { HttpSpec } from './schema.ts';
import { expectedWorkers, servedBy, WORKER_HEADERS } from './worker.ts';

/** Whether as many workers as wanted have answered. Pure. */
export function judgeWorkers(
  spec: HttpSpec,
  facts: HttpFacts,
  wanted: NonNullable<Repeat['workers']>,
): CheckResult {
  const served = facts.stats ?? servedBy(spec.worker, facts.exchanges);
  const expected = wanted === 'all' ? 'all workers answer' : `at least ${wanted} workers answer`;
  const source = facts.stats ? `stats server ${spec.worker?.stats}` : sourceOf(spec);
  if (served.size === 0) {
    const why = facts.stats
      ? 'the stats server counted no request of any worker'
      : `no answer names its worker (${sourceOf(spec)})`;
    const result = cannotLook('workers', expected, why, source);
    return {
      ...result,
      notes: ['worker: {header: …}, {body: /pid (\\d+)/}, {json: …} or {stats: …} says where'],
    };
  }
  const shown = distribution(served);
  if (wanted !== 'all') {
    const outcome = served.size >= wanted ? 'pass' : 'fail';
    const observed = `${served.size}: ${shown}`;
    return {
      property: 'workers',
      outcome,
      expected,
      observed,
      source,
      notes: outcome === 'pass' ? [] : HINTS,
    };
  }
  const all = facts.stats ? undefined : expectedWorkers(spec.worker, facts.processes, served.keys());
  const silent = facts.stats
    ? (facts.silent ?? [])
    : all?.filter((pid) => !served.has(String(pid))).map(String);
  if (silent === undefined || (all && all.length === 0)) {
    const why = `it is not known how many workers there are: ${[...served.keys()].slice(0, 5).join(', ')} ${spec.worker?.of ? 'were seen, but no process is selected' : 'is no pid of the instance'}`;
    const result = cannotLook('workers', expected, why, source);
    return { ...result, notes: ['worker: {of: {process: …, role: worker}} selects them; workers: 4 counts'] };
  }
  const total = silent.length + [...served.keys()].filter((name) => !silent.includes(name)).length;
  if (silent.length === 0)
    return {
      property: 'workers',
      outcome: 'pass',
      expected,
      observed: `${total} of ${total}: ${shown}`,
      source,
    };
  return {
    property: 'workers',
    outcome: 'fail',
    expected,
    observed: `${total - silent.length} of ${total}: ${shown}; silent: ${silent.slice(0, 10).join(', ')}`,
    source,
    notes: HINTS,
  };
}

const HINTS = [
  'cause: too few requests at once (raise concurrency), a kept connection (connection: new), or workers that hang',
];

function sourceOf({ worker }: HttpSpec): string {
  if (worker?.body) return `body ${worker.body}`;
  if (worker?.json !== undefined) return `json ${worker.json}`;
  return `header ${worker?.header ?? WORKER_HEADERS.join(', ')}`;
}

/** `3447 ×52, 3448 ×48` */
export function distribution(counts: ReadonlyMap<string | number, number>): string {
  const all = [...counts].map(([name, count]) => `${name} ×${count}`);
  return `${all.slice(0, 12).join(', ')}${all.length > 12 ? ` and ${all.length - 12} more` : ''}`;
}
