import { digestOf } from '../core/digest.ts';
import type { ErrorRecord } from '../core/errors.ts';
import type { Action, Stage } from '../core/instance.ts';
import type { UploadManifest } from '../core/provisioner.ts';
import type { ServiceState } from '../core/service-host.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import type { InstanceState } from '../state/instance-state.ts';
import type { StateStore } from '../state/state-store.ts';

/** The state of one instance in memory, written to disk before and after everything that changes it. */
export class InstanceRecord {
  readonly #store: StateStore;
  #state: InstanceState;
  #exists: boolean;
  /** Writes are queued, so that two resources recorded at once do not overtake each other. */
  #writing: Promise<void> = Promise.resolve();

  constructor(
    store: StateStore,
    resolved: ResolvedInstance,
    runId: string,
    found: InstanceState | undefined,
  ) {
    this.#store = store;
    this.#exists = found !== undefined;
    this.#state = found ?? freshState(resolved, runId);
  }

  get state(): InstanceState {
    return this.#state;
  }

  /** Whether a state file was there or has been written. */
  get exists(): boolean {
    return this.#exists;
  }

  async update(change: Partial<InstanceState>): Promise<void> {
    this.#state = { ...this.#state, ...change, updatedAt: new Date().toISOString() };
    await this.#write();
  }

  recordMachine(made: object): Promise<void> {
    return this.update({ machine: { ...this.#state.machine, ...made } });
  }

  recordService(name: string, service: ServiceState): Promise<void> {
    return this.update({ services: { ...this.#state.services, [name]: service } });
  }

  recordUpload(uploaded: UploadManifest): Promise<void> {
    return this.update({ uploaded: { ...uploaded } });
  }

  begin(action: Action, step?: string): Promise<void> {
    return this.update({ attempting: action, ...(step !== undefined && { attemptingStep: step }) });
  }

  /** A machine that has gone through a step is not back at its start when `create` finds it there. */
  succeed(stage: Stage, step?: string): Promise<void> {
    const { attempting: _, attemptingStep: __, lastError: ___, ...rest } = this.#state;
    this.#state = rest;
    if (stage === 'create' && rest.step !== undefined) return this.update({});
    return this.update({ lastAction: stage, ...(step !== undefined && { step }) });
  }

  fail(error: ErrorRecord): Promise<void> {
    const { attempting: _, attemptingStep: __, ...rest } = this.#state;
    this.#state = rest;
    return this.update({ lastError: { code: error.code, kind: error.kind, message: error.message } });
  }

  /** Forgets everything; a new machine of the same instance starts from here. */
  async clear(resolved: ResolvedInstance, runId: string): Promise<void> {
    await this.#writing;
    await this.#store.remove(this.#state.instance);
    this.#exists = false;
    this.#state = freshState(resolved, runId);
  }

  #write(): Promise<void> {
    this.#exists = true;
    const next = this.#writing.then(() => this.#store.write(this.#state));
    this.#writing = next.catch(() => undefined);
    return next;
  }
}

function freshState(resolved: ResolvedInstance, runId: string): InstanceState {
  return {
    v: 1,
    instance: resolved.instance.name,
    suite: resolved.instance.suite,
    platform: resolved.instance.platform,
    driver: resolved.driver.name,
    configHash: configHash(resolved),
    runId,
    machine: {},
    services: {},
    uploaded: {},
    updatedAt: new Date().toISOString(),
  };
}

/** Changes when the machine or its services would be made differently. */
export function configHash(resolved: ResolvedInstance): string {
  const { driver, services, from } = resolved.config;
  const inputs = [resolved.driver.name, driver.settings, services, ...(from ? [from.instance] : [])];
  return digestOf(inputs).slice(0, 16);
}
