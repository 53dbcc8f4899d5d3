import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionLost } from '../checks/attempt.ts';
import { GalleyError } from '../core/errors.ts';
import type { InstanceRun } from './instance-run.ts';

export interface Pace {
  /** Between two questions whether a machine has ended, when something says so, and when nothing does. */
  readonly askMs: number;
  readonly besidesMs: number;
  /** A machine that goes down takes its connections first; the cloud tells of its end some time later. */
  readonly endsMs: number;
}

const USUAL: Pace = { askMs: 2000, besidesMs: 5000, endsMs: 30_000 };

/**
 * What an error of the way to a machine comes from: why the machine has ended, when it has or does so soon, else the error
 * itself, without waiting when the machine answers.
 */
export async function causeOf(one: InstanceRun, error: unknown, pace: Pace = USUAL): Promise<unknown> {
  const { signal } = one.run;
  if (signal.aborted || !isInfrastructure(error)) return error;
  if (!one.resolved.driver.ending || !isConnectionLost(error)) return (await one.ending()) ?? error;
  const answers = answer(one).then(
    () => true,
    () => false,
  );
  for (const until = performance.now() + pace.endsMs; performance.now() < until && !signal.aborted; ) {
    const told = await one.ending();
    if (told) return told;
    if (await Promise.race([answers, sleep(pace.askMs, false)])) return error;
  }
  return error;
}

/** Throws why, when the machine has ended or cannot be reached any more. */
export async function assertReached(one: InstanceRun, pace: Pace = USUAL): Promise<void> {
  await one.assertAlive();
  try {
    await unlessEnded(one, answer(one), pace);
  } catch (error) {
    if (one.run.signal.aborted || isInfrastructure(error)) throw error;
  }
}

/** The outcome of work on a machine; throws why the machine has ended when that happens in the meantime. */
export async function unlessEnded<T>(one: InstanceRun, work: Promise<T>, pace: Pace = USUAL): Promise<T> {
  if (!one.resolved.driver.ending) return work;
  const over = new AbortController();
  const watch = async (): Promise<never> => {
    for (;;) {
      await sleep(pace.besidesMs, undefined, { signal: over.signal });
      const told = await one.ending();
      if (told) throw told;
    }
  };
  const watching = watch();
  // Of the two only one is waited for to its end.
  for (const either of [work, watching]) either.catch(() => undefined);
  try {
    return await Promise.race([work, watching]);
  } finally {
    over.abort();
  }
}

/** By its contract a connection throws only when it is broken, or its time is over. */
async function answer(one: InstanceRun): Promise<void> {
  const connection = await one.connect();
  await connection.execute(['true'], { signal: one.run.signal });
}

function isInfrastructure(error: unknown): error is GalleyError {
  return error instanceof GalleyError && error.kind === 'infrastructure';
}
