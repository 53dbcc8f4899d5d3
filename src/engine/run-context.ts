import type { ActionContext, Ownership } from '../core/driver.ts';
import type { Emit } from '../core/events.ts';
import type { Redact } from '../core/redactor.ts';
import type { Plugins } from '../plan/plugins.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import type { StateStore } from '../state/state-store.ts';
import { onceFor } from './once.ts';

/** What all instances of one run share. */
export interface RunContext {
  readonly root: string;
  readonly ownership: Ownership;
  readonly plugins: Plugins;
  readonly store: StateStore;
  /** Folder of this run's logs. */
  readonly logDir: string;
  readonly emit: Emit;
  /** Aborted by the first SIGINT or SIGTERM, with --fail-fast also by the first failure. */
  readonly signal: AbortSignal;
  /** Aborted by the second one; cleanups listen to this one only. */
  readonly hardSignal: AbortSignal;
  readonly once: ActionContext['once'];
  readonly lockWaitMs: number;
  /** Masks known secrets in what is kept outside the event stream. */
  readonly redact: Redact;
  /** What local hooks inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A check that passed only after a failed attempt fails verification. */
  readonly failOnFlaky?: boolean;
  /** Called as soon as an instance has failed, before it is cleaned up. */
  readonly onFailure?: (instance: string) => void;
}

/** The context an action of a plugin gets, for one of the instance's configs. */
export function contextFor<C>(
  run: RunContext,
  resolved: ResolvedInstance,
  config: C,
  signal: AbortSignal = run.signal,
): ActionContext<C> {
  return {
    instance: resolved.instance,
    config,
    ownership: run.ownership,
    signal,
    emit: run.emit,
    root: run.root,
    once: onceFor(run.once, resolved.instance.name, run.emit),
  };
}
