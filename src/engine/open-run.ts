import type { ResolvedInstance } from '../plan/resolve.ts';
import { lockInstance } from '../state/lock.ts';
import { InstanceRecord } from './instance-record.ts';
import { InstanceRun } from './instance-run.ts';
import type { RunContext } from './run-context.ts';

/** Waits for other Galleys that work on the same instance. */
export async function lock(run: RunContext, name: string, doing: string): Promise<AsyncDisposable> {
  const started = performance.now();
  let what: string | undefined;
  const held = await lockInstance(run.store.dir, name, {
    doing,
    signal: run.signal,
    waitMs: run.lockWaitMs,
    onWait: (holder) => {
      what = `another galley (pid ${holder.pid}: ${holder.doing})`;
      run.emit({ type: 'notice', instance: name, level: 'warning', message: `waiting for ${what}` });
    },
  });
  if (what !== undefined)
    run.emit({ type: 'wait', instance: name, what, durationMs: performance.now() - started });
  return held;
}

/** The instance as its state file has it. */
export async function open(run: RunContext, resolved: ResolvedInstance): Promise<InstanceRun> {
  const { name } = resolved.instance;
  const found = await run.store.read(name, (movedTo) =>
    run.emit({
      type: 'notice',
      instance: name,
      level: 'warning',
      message: `its state file was unreadable and was moved to ${movedTo}`,
    }),
  );
  return new InstanceRun(run, resolved, new InstanceRecord(run.store, resolved, run.ownership.runId, found));
}
