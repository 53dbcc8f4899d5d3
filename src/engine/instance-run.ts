import { isInstanceGone } from '../checks/attempt.ts';
import type { CheckOutcome } from '../core/check.ts';
import type { Driver } from '../core/driver.ts';
import { GalleyError } from '../core/errors.ts';
import type { CheckReport, ResourceResult } from '../core/events.ts';
import type { Connection } from '../core/transport.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import type { InstanceRecord } from './instance-record.ts';
import { leadServices } from './lead-services.ts';
import { contextFor, type RunContext } from './run-context.ts';

/** One instance during one command: its record, its one connection, and what was counted so far. */
export class InstanceRun implements AsyncDisposable {
  readonly run: RunContext;
  readonly record: InstanceRecord;
  readonly resources: ResourceResult[] = [];
  readonly checks: CheckReport[] = [];
  updated = 0;
  total = 0;
  /** The machine was made by this command and could not be brought up. */
  isUnusable = false;
  readonly #whole: ResolvedInstance;
  #resolved: ResolvedInstance;
  #connection: Promise<Connection> | undefined;

  constructor(run: RunContext, resolved: ResolvedInstance, record: InstanceRecord) {
    this.run = run;
    this.#whole = resolved;
    this.#resolved = resolved;
    this.record = record;
  }

  /** As the step that is being worked on has it; outside of steps the instance itself. */
  get resolved(): ResolvedInstance {
    return this.#resolved;
  }

  /** Name of the step that is being worked on. */
  get step(): string | undefined {
    return this.#whole.steps.find(({ resolved }) => resolved === this.#resolved)?.name;
  }

  /** Says what is worked on from now on: one of the instance's steps, or none of them. */
  enter(step: string | undefined): void {
    const found = this.#whole.steps.find(({ name }) => name === step);
    this.#resolved = found?.resolved ?? this.#whole;
  }

  /** Whether the machine was made, as far as is recorded. */
  hasMachine(): boolean {
    return this.resolved.driver.machine.safeParse(this.record.state.machine).success;
  }

  /** The driver's record of the machine, complete; throws when there is no machine. */
  machineOrThrow(): object {
    const { driver, instance } = this.resolved;
    const parsed = driver.machine.safeParse(this.record.state.machine);
    if (parsed.success) return parsed.data;
    throw new GalleyError({
      code: 'state.no_machine',
      kind: 'infrastructure',
      message: `${instance.name} has no complete machine (an earlier create was interrupted)`,
      hint: `galley destroy ${instance.name}, then create it again`,
    });
  }

  /**
   * Opened on first use, shared by all later phases. Services on the caller's side are led to the machine at once, unless
   * the machine is still starting.
   */
  connect(how: { readonly isStarting?: boolean } = {}): Promise<Connection> {
    this.#connection ??= this.#open(how.isStarting === true);
    return this.#connection;
  }

  async #open(isStarting: boolean): Promise<Connection> {
    const { driver, driverConfig, transport, transportConfig } = this.resolved;
    const ctx = contextFor(this.run, this.resolved, transportConfig);
    const endpoint = driver.endpoint(this.machineOrThrow(), transport.endpoints, driverConfig);
    const connection = await transport.connect(ctx, endpoint);
    if (!isStarting) await leadServices(this, connection);
    return connection;
  }

  /**
   * Throws `state.machine_gone`, or why that is when the driver knows, when the machine does not run any more. An engine
   * that does not answer says nothing.
   */
  async assertAlive(): Promise<void> {
    const { driver, driverConfig, instance } = this.resolved;
    const ctx = contextFor(this.run, this.resolved, driverConfig);
    const status = await driver.status(ctx, this.machineOrThrow()).catch((error: unknown) => {
      // A paused machine has no status of its own: the driver says so by an error.
      if (isInstanceGone(error)) throw error;
      return 'unknown' as const;
    });
    if (status !== 'gone' && status !== 'stopped') return;
    const told = await this.ending();
    if (told) throw told;
    throw new GalleyError({
      code: 'state.machine_gone',
      kind: 'infrastructure',
      message: `the machine of ${instance.name} is ${status}: there is nothing left to look at`,
      hint: `galley logs ${instance.name} shows what happened last; the next command makes it anew`,
    });
  }

  /** Why the machine has ended, when it has and the driver can be told. */
  async ending(): Promise<GalleyError | undefined> {
    const { driver, driverConfig } = this.resolved;
    if (!driver.ending) return undefined;
    const ctx = contextFor(this.run, this.resolved, driverConfig);
    return driver.ending(ctx, this.machineOrThrow()).catch(() => undefined);
  }

  /** After the machine was removed or replaced. */
  async disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.then((c) => c[Symbol.asyncDispose]()).catch(() => undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  countChecks(): { readonly [outcome in CheckOutcome]: number } {
    const counts = { pass: 0, fail: 0, error: 0, skip: 0, waived: 0 };
    for (const check of this.checks) counts[check.outcome] += 1;
    return counts;
  }

  countFlaky(): { readonly flaky?: number } {
    const flaky = this.checks.filter((check) => check.flaky).length;
    return flaky > 0 ? { flaky } : {};
  }
}

/** The driver that made the recorded machine, which a changed config may no longer name. */
export function recordedDriver(run: RunContext, resolved: ResolvedInstance, name: string): Driver {
  return run.plugins.drivers.find((d) => d.name === name) ?? resolved.driver;
}
