import type { Emit } from './events.ts';
import type { Instance } from './instance.ts';

/** Who and what a resource is made for; drivers write it on everything they make. */
export interface Ownership {
  /** Identifies the kitchen on this machine: folder name + hash of its path. */
  readonly project: string;
  readonly runId: string;
  /** user@host of the caller. */
  readonly owner: string;
  /** ISO 8601 time after which `gc` may remove the resource. */
  readonly expires: string;
}

/** What each action of a plugin gets. */
export interface ActionContext<C = unknown> {
  readonly instance: Instance;
  /** The plugin's merged settings, parsed by its own schema. */
  readonly config: C;
  readonly ownership: Ownership;
  /** Aborted on SIGINT, SIGTERM, timeout. Work must stop soon after and throw. */
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** Absolute path of the kitchen's folder. */
  readonly root: string;
  /**
   * Runs `make` once per run for all instances and gives everyone its result (cookbook resolution, image builds).
   * A failed make is not repeated within the run. The key's first line says to people what is waited for.
   */
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
}
