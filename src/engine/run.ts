import type { InstanceSummary } from '../core/events.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { writeDurations } from '../state/history.ts';
import { BaseSnapshots } from './bases.ts';
import { FailFast } from './fail-fast.ts';
import type { InstanceRun } from './instance-run.ts';
import type { RunContext } from './run-context.ts';
import { type Command, runInstance } from './run-instance.ts';
import { destroyItems, itemsInOrder } from './run-order.ts';
import { runLimited } from './scheduler.ts';

/**
 * Takes all instances through a command, at most `concurrency` at a time. One's failure does not stop another, unless
 * the command is to fail fast: then it cancels all that are running or waiting.
 */
export async function runAll(
  run: RunContext,
  instances: readonly ResolvedInstance[],
  command: Command,
  concurrency: number,
): Promise<readonly InstanceSummary[]> {
  const stop = new AbortController();
  const onFailure = (instance: string): void => stop.abort(new FailFast(instance));
  const shared = command.failFast
    ? { ...run, signal: AbortSignal.any([run.signal, stop.signal]), onFailure }
    : run;
  const bases = new BaseSnapshots(run.baseInstances ?? new Map());
  const work = { ...shared, bases };
  const summaries = new Map<string, InstanceSummary>();
  const runOne = async (resolved: ResolvedInstance): Promise<void> => {
    const onConverged = (one: InstanceRun): Promise<void> => bases.give(one);
    const summary = await runInstance(work, resolved, { ...command, onConverged });
    bases.settle(summary);
    summaries.set(summary.instance, summary);
  };
  const named = instances.map((resolved) => ({ name: resolved.instance.name, resolved }));
  const items =
    command.verb === 'destroy'
      ? destroyItems(named, runOne)
      : await itemsInOrder(work, named, command, bases, runOne);
  await runLimited(items, concurrency, (item) => item.start(), {
    gate: (item) => item.gate,
    room: (item) => item.room,
  });
  await bases.tidy(work);
  const ordered = named.flatMap(({ name }) => summaries.get(name) ?? []);
  if (command.verb === 'test') await remember(run, ordered);
  return [...bases.summaries, ...ordered];
}

async function remember(run: RunContext, summaries: readonly InstanceSummary[]): Promise<void> {
  const passed = summaries.filter((s) => s.outcome === 'passed');
  const seconds = passed.map((s) => [s.instance, Math.round(sum(s) / 100) / 10] as const);
  // Only a hint for the next run's order; a full disk has been reported already if it matters.
  await writeDurations(run.store.dir, Object.fromEntries(seconds)).catch(() => undefined);
}

function sum(summary: InstanceSummary): number {
  return summary.phases.reduce((total, phase) => total + phase.durationMs, 0);
}
