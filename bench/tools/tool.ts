import type { BenchKitchen } from '../kitchens/kitchen.ts';
import type { CommandLine, CommandResult } from '../run-command.ts';
import type { Stage } from '../stage.ts';

export type ToolName = 'galley' | 'peer';

export interface FoundContainer {
  readonly id: string;
  readonly name: string;
  readonly isRunning: boolean;
}

/** A harness under measurement. */
export interface Tool {
  readonly name: ToolName;
  /** With versions, for people. */
  readonly title: string;
  /** Writes the kitchen's file in the tool's format. */
  readonly kitchenYaml: (kitchen: BenchKitchen) => unknown;
  readonly command: (folder: string, args: readonly string[]) => CommandLine;
  /** The containers of the kitchen's instances, also stopped ones; without the tool's own help. */
  readonly containers: (folder: string) => Promise<readonly FoundContainer[]>;
  /** Whether a converge's output says that it ran the client and that the client changed nothing. */
  readonly saysNothingChanged: (output: string) => boolean;
  /** Whether a test's output says that this instance was converged and verified. */
  readonly saysTested: (output: string, instance: string) => boolean;
  /** Removes by force whatever the kitchen in this folder still has on the engine. */
  readonly removeLeftovers: (folder: string) => Promise<void>;
}

/** A kitchen set up for one tool in a folder of its own. */
export interface Room {
  readonly tool: Tool;
  readonly kitchen: BenchKitchen;
  readonly folder: string;
  /** Runs the tool untimed or timed alike; throws when it fails. */
  readonly run: (args: readonly string[]) => Promise<CommandResult>;
  /** As `run`, but a failure is a result. */
  readonly tryRun: (args: readonly string[]) => Promise<CommandResult>;
  /** Runs argv inside the container of an instance. */
  readonly inside: (
    argv: readonly string[],
    instance?: string,
  ) => Promise<{ exitCode: number; stdout: string }>;
  /** Where the main instance is now. */
  stage: Stage;
}
