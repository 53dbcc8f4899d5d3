import type { z } from 'zod';
import type { ActionContext } from './action-context.ts';
import type { ClientInstall } from './client-install.ts';
import type { Endpoint } from './endpoint.ts';
import type { CheckReport } from './events.ts';
import type { Connection } from './transport.ts';

/** A test as an earlier run reported it: what `--check` and `--failed` can choose. */
export interface KnownTest {
  readonly id: string;
  readonly title: string;
  /** The file it is in, relative to the kitchen's folder. */
  readonly file?: string | undefined;
}

/** Ends the ids of what is told of a run as a whole (a tool that did not start), which nobody can choose. */
export const RUN_SUFFIX = ':run';

/** Whether a report is of the run as a whole and not of one test. */
export function isOfRun(id: string): boolean {
  return /:run(-\d+)?$/.test(id);
}

/** What a runner of an existing test suite may use of a converged machine. */
export interface SuiteInput {
  readonly connection: Connection;
  /** Run these alone, as far as the tool can; what else is reported is dropped. All when it is missing. */
  readonly only?: readonly KnownTest[];
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
  /** It is there for kitchens that want nothing verified: that nothing was looked at is no failure then. */
  readonly testsNothing?: boolean;
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
