import type { ActionContext, Ownership } from '../core/action-context.ts';
import type { MachineSnapshot } from '../core/driver.ts';
import type { Emit } from '../core/events.ts';
import type { UploadManifest } from '../core/provisioner.ts';
import type { Redact } from '../core/redactor.ts';
import type { Plugins } from '../plan/plugins.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import type { StateStore } from '../state/state-store.ts';
import { onceFor } from './once.ts';

/** A snapshot that is there, with what the machine it was taken from had been sent. */
export interface BaseSnapshot {
  readonly key: string;
  readonly snapshot: MachineSnapshot;
  readonly uploaded: UploadManifest;
}

/** Snapshots of instances that others start from; each is taken at most once in a run. */
export interface Bases {
  /** The snapshot of the base, taken of a machine made for it when there is none. Throws `from.base_failed`. */
  ensure(run: RunContext, base: string, dependant: string): Promise<BaseSnapshot>;
  /** Digest of what a snapshot of the base would be made from now; undefined when it cannot be told. */
  keyOf(run: RunContext, base: string): Promise<string | undefined>;
}

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
  /** By name, those that instances of this run start from, wherever they are selected themselves. */
  readonly baseInstances?: ReadonlyMap<string, ResolvedInstance>;
  /** All instances of the kitchen that others start from. */
  readonly baseNames?: ReadonlySet<string>;
  /** Set for the instances of a run. */
  readonly bases?: Bases;
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
