import { type ErrorRecord, toErrorRecord } from '../core/errors.ts';
import type { Action } from '../core/instance.ts';
import type { HookName } from '../plan/hooks.ts';
import type { InstanceRun } from './instance-run.ts';
import { recordOf } from './record-of.ts';
import { runHook } from './run-hook.ts';

/**
 * Does the work of a phase between its hooks: pre → work → post, then `on_failure` if one of them failed, then
 * `finally` whatever happened, also after a cancel. What fails first ends the phase; a `finally` hook that fails after
 * that is only told.
 */
export async function withHooks(one: InstanceRun, action: Action, work: () => Promise<void>): Promise<void> {
  const { run } = one;
  const signal = action === 'destroy' ? run.hardSignal : run.signal;
  let failure: { readonly thrown: unknown } | undefined;
  try {
    await runHooks(one, action, `pre_${action}`, signal);
    await work();
    await runHooks(one, action, `post_${action}`, signal);
  } catch (thrown) {
    failure = { thrown };
    await runFailureHooks(one, action, recordOf(signal, thrown));
  }
  try {
    await runHooks(one, action, `finally_${action}`, run.hardSignal);
  } catch (thrown) {
    if (failure) tell(one, thrown);
    else {
      await runFailureHooks(one, action, recordOf(signal, thrown));
      throw thrown;
    }
  }
  if (failure) throw failure.thrown;
}

/** After a phase that failed, not after one that was cancelled. Its own failures are told and change nothing. */
async function runFailureHooks(one: InstanceRun, action: Action, error: ErrorRecord): Promise<void> {
  if (error.kind === 'cancelled') return;
  const about = {
    GALLEY_FAILED_PHASE: action,
    GALLEY_ERROR_CODE: error.code,
    GALLEY_ERROR_KIND: error.kind,
    GALLEY_ERROR_MESSAGE: error.message,
  };
  for (const hook of one.resolved.hooks.on_failure ?? []) {
    try {
      await runHook(one, action, hook, one.run.hardSignal, about);
    } catch (thrown) {
      tell(one, thrown);
    }
  }
}

async function runHooks(
  one: InstanceRun,
  action: Action,
  name: HookName,
  signal: AbortSignal,
): Promise<void> {
  for (const hook of one.resolved.hooks[name] ?? []) await runHook(one, action, hook, signal, {});
}

function tell(one: InstanceRun, thrown: unknown): void {
  const { message, location, details = [] } = toErrorRecord(thrown);
  const place = location?.line === undefined ? '' : ` (${location.file}:${location.line})`;
  const last = details.at(-1);
  one.run.emit({
    type: 'notice',
    instance: one.resolved.instance.name,
    level: 'warning',
    message: `${message}${place}${last === undefined ? '' : `: ${last}`}`,
  });
}
