import type { z } from 'zod';
import type { ActionContext, ClientInstall, Endpoint } from './driver.ts';
import type { CheckReport } from './events.ts';
import type { Connection } from './transport.ts';

/** What a runner of an existing test suite may use of a converged machine. */
export interface SuiteInput {
  readonly connection: Connection;
  readonly endpoint: Endpoint;
  readonly client: ClientInstall | undefined;
  /** The driver's record of the machine, as in the state file; may hold secrets. */
  readonly machine: Readonly<Record<string, unknown>>;
  /** Host and port under which the caller reaches a port of the machine, or undefined when it cannot. */
  address(port: number): { readonly host: string; readonly port: number } | undefined;
}

/**
 * Runs a team's existing tests (InSpec, shell, Bats, …) unmodified: what a kitchen names as `verifier`. Check types
 * are something else, see `Verifier`. `C` is the settings below `verifier`, without the keys of our own checks.
 */
export interface TestSuite<C = unknown> {
  readonly name: string;
  /** Other names for it in existing configs. */
  readonly aliases: readonly string[];
  readonly config: z.ZodType<C>;
  /** Finds tests and tools. Called before the machine is made, so that what is missing does not cost a boot. */
  prepare(ctx: ActionContext<C>): Promise<void>;
  /**
   * Runs the tests as a process, so that instances are verified side by side, and reports each test as a check.
   * A tool that cannot run, or whose results cannot be read, is a report with the outcome `error` or a throw; no
   * tests at all is never a pass. The engine emits the reports; raw output is emitted as `output` events.
   */
  run(ctx: ActionContext<C>, input: SuiteInput): Promise<readonly CheckReport[]>;
}
