import type { LogPosition } from '../../src/core/snapshot.ts';
import type { Level } from './levels.ts';

export interface LogLine {
  readonly text: string;
  /** Told by the journal; of other logs it is found in the text. */
  readonly level?: Level | undefined;
}

/** What was new in a log. */
export interface LogFacts {
  /** False: there is no such file. Other logs that are not there cannot be looked at. */
  readonly exists: boolean;
  readonly lines: readonly LogLine[];
  /** Why there may have been more lines than these. */
  readonly missed: string | undefined;
  /** Where it was looked. */
  readonly source: string;
  /** What happened to the log meanwhile. */
  readonly notes: readonly string[];
}

/** What a check remembers: the instance's time, and of a file its position (`absent`: there was none). */
export interface LogMark {
  readonly at: number;
  readonly position?: LogPosition;
}
