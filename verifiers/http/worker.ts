import { atPath } from '../../src/checks/json-path.ts';
import { selectProcesses } from '../../src/checks/probe/select-processes.ts';
import type { ProcessFact } from '../../src/core/snapshot.ts';
import type { Exchange } from './exchange.ts';
import type { HttpSpec } from './schema.ts';

type WorkerSpec = NonNullable<HttpSpec['worker']>;

/** Looked for when the check does not say how an answer names its worker. */
export const WORKER_HEADERS = [
  'x-worker-pid',
  'x-worker',
  'x-worker-id',
  'x-process-id',
  'x-pid',
  'x-served-by',
];

/** Who served it, as the answer itself says; undefined when it does not say. Pure. */
function workerOf(spec: WorkerSpec | undefined, { outcome }: Exchange): string | undefined {
  if (outcome.kind === 'none') return undefined;
  if (spec?.body !== undefined) {
    const found = spec.body.exec(outcome.body);
    return found ? (found[1] ?? found[0]) : undefined;
  }
  if (spec?.json !== undefined) return inJson(outcome.body, spec.json);
  const names = spec?.header === undefined ? WORKER_HEADERS : [spec.header.toLowerCase()];
  for (const name of names) {
    const value = outcome.headers[name]?.[0]?.trim();
    if (value) return value;
  }
  return undefined;
}

function inJson(body: string, path: string): string | undefined {
  try {
    const value = atPath(JSON.parse(body), path);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  } catch {
    return undefined;
  }
}

/** How often each worker answered, the busiest first. */
export function servedBy(spec: WorkerSpec | undefined, exchanges: readonly Exchange[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const exchange of exchanges) {
    const worker = workerOf(spec, exchange);
    if (worker !== undefined) counts.set(worker, (counts.get(worker) ?? 0) + 1);
  }
  return new Map([...counts].toSorted((a, b) => b[1] - a[1]));
}

/**
 * The pids that must all have served: those that `of` selects, else the children of the parent of one that was seen.
 * Undefined when neither tells. Pure.
 */
export function expectedWorkers(
  spec: WorkerSpec | undefined,
  processes: readonly ProcessFact[],
  seen: Iterable<string>,
): readonly number[] | undefined {
  if (spec?.of) return selectProcesses(processes, spec.of).map((one) => one.pid);
  const byPid = new Map(processes.map((one) => [String(one.pid), one]));
  const workers = [...seen].flatMap((name) => byPid.get(name) ?? []);
  if (workers.length === 0) return undefined;
  const parents = new Set(workers.map((one) => one.ppid));
  const programs = new Set(workers.map((one) => one.exe ?? one.comm));
  return processes
    .filter((one) => parents.has(one.ppid) && programs.has(one.exe ?? one.comm) && one.state !== 'Z')
    .map((one) => one.pid);
}
