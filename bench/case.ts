import type { BenchKitchen } from './kitchens/kitchen.ts';
import type { CommandResult } from './run-command.ts';
import type { Stage } from './stage.ts';
import type { Room } from './tools/tool.ts';

/** One thing that is timed: the same command line given to Galley and to the peer. */
export interface BenchCase {
  /** For `--only` and the JSON file; permanent. */
  readonly name: string;
  readonly title: string;
  /** Galley's time ÷ the peer's, at most. Only shown, never asserted. */
  readonly target?: number;
  readonly kitchen: BenchKitchen;
  /** What the command needs; brought about without timing. Undefined: does not matter. */
  readonly from: Stage | undefined;
  /** Where the command leaves the main instance. Undefined: where it was. */
  readonly leaves: Stage | undefined;
  /** What a user types after `galley` or `kitchen`. */
  readonly args: readonly string[];
  /** Throws when the command ended well without having done its work. */
  readonly proof: (result: CommandResult, room: Room) => Promise<void>;
  /** Further proof, once per room after the first round. */
  readonly onceProof?: (room: Room) => Promise<void>;
}
