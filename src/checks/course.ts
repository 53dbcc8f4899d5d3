import type { FirstFailure } from '../core/events.ts';

/** What the attempts of one check have come to so far. */
export interface Course {
  /** Looks made. */
  attempts: number;
  firstFailure: FirstFailure | undefined;
}
