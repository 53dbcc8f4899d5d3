import type { Leftover } from '../../core/driver.ts';

/** A place where runs may have left something. */
export interface Place {
  /** In words; empty for the caller's own engine. */
  readonly where: string;
  find(project: string | undefined): Promise<readonly Leftover[]>;
  /** Removes what it can; gives what it could not, with the error or `IN_USE`. */
  remove(doomed: readonly Leftover[]): Promise<ReadonlyMap<Leftover, unknown>>;
}

/** A snapshot that a machine was made from goes with a later `gc`, after that machine. */
export const IN_USE = Symbol('in use');
