import { GalleyError, toErrorRecord } from '../core/errors.ts';
import type { InstanceSummary } from '../core/events.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { SnapshotStore } from '../state/snapshot-store.ts';
import { baseFailed, NoSnapshot } from './base-failed.ts';
import { findBaseSnapshot, takeBaseSnapshot } from './base-snapshot.ts';
import { builderOf } from './builder.ts';
import type { InstanceRun } from './instance-run.ts';
import { lock } from './open-run.ts';
import { recordOf } from './record-of.ts';
import type { BaseSnapshot, Bases, RunContext } from './run-context.ts';
import { runLocked } from './run-instance.ts';
import { quietContext, snapshotKey } from './snapshot-key.ts';

/** What came of an instance of this run that was to give a snapshot of itself; undefined: it gave none. */
type Given = { readonly ready: BaseSnapshot } | { readonly failed: NoSnapshot } | undefined;

/**
 * The snapshots that instances with `from` start from, during one run. In this order: the recorded one, if nothing it
 * was made from has changed; one taken of the base itself, when this run makes and converges it anyway; one of a
 * machine that is made for it, in a run of its own, and destroyed again. A lock lets one process at a time take one.
 */
export class BaseSnapshots implements Bases {
  /** Of the machines that were made for snapshots alone. */
  readonly summaries: InstanceSummary[] = [];
  readonly #bases: ReadonlyMap<string, ResolvedInstance>;
  readonly #keys = new Map<string, Promise<string>>();
  readonly #ready = new Map<string, Promise<BaseSnapshot>>();
  readonly #expected = new Map<string, PromiseWithResolvers<Given>>();
  readonly #taken = new Map<string, BaseSnapshot>();
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();

  constructor(bases: ReadonlyMap<string, ResolvedInstance>) {
    this.#bases = bases;
  }

  /** Says that instances of this run wait for the base, and whether it gives its snapshot on its own way. */
  expect(base: string, gives: boolean): void {
    this.#gates.set(base, Promise.withResolvers());
    if (gives) this.#expected.set(base, Promise.withResolvers());
  }

  /** Resolves when it is known what there is of the base; undefined when nobody said that it is waited for. */
  gate(base: string | undefined): Promise<void> | undefined {
    return base === undefined ? undefined : this.#gates.get(base)?.promise;
  }

  /** Sees to the snapshot, unless an instance of this run is going to give it. Never throws. */
  async prime(run: RunContext, base: string): Promise<void> {
    if (this.#expected.has(base)) {
      const found = await this.#found(run, base).catch(() => undefined);
      if (!found) return;
      this.#ready.set(base, Promise.resolve(found));
    } else await this.#once(run, base).catch(() => undefined);
    this.#gates.get(base)?.resolve();
  }

  /** Takes the snapshot of a base that has just been converged in this run. Never throws: its verify goes on. */
  async give(one: InstanceRun): Promise<void> {
    const { run, resolved } = one;
    const { name } = resolved.instance;
    const base = this.#bases.get(name);
    const expected = this.#expected.get(name);
    if (!base || !expected) return;
    try {
      expected.resolve({ ready: await this.#takeOnce(one, base) });
    } catch (thrown) {
      expected.resolve({ failed: new NoSnapshot(recordOf(run.signal, thrown)) });
    }
    this.#gates.get(name)?.resolve();
  }

  /** The instance has come to its end, whether it gave a snapshot or not. */
  settle({ instance, error }: InstanceSummary): void {
    this.#expected.get(instance)?.resolve(error && { failed: new NoSnapshot(error) });
    this.#gates.get(instance)?.resolve();
  }

  /** Removes older snapshots that machines still needed when the new one was taken: those may be gone by now. */
  async tidy(run: RunContext): Promise<void> {
    for (const [name, { snapshot }] of this.#taken) {
      const base = this.#base(name);
      const ctx = quietContext(run, base, base.driverConfig);
      await base.driver.snapshots?.remove(ctx, name, snapshot).catch(() => undefined);
    }
  }

  async ensure(run: RunContext, base: string, dependant: string): Promise<BaseSnapshot> {
    try {
      return await this.#once(run, base);
    } catch (thrown) {
      const isTold = thrown instanceof NoSnapshot;
      const record = isTold ? thrown.record : recordOf(run.signal, thrown);
      if (record.kind === 'internal' && !isTold) throw thrown;
      throw baseFailed(base, dependant, record, isTold);
    }
  }

  async keyOf(run: RunContext, base: string): Promise<string | undefined> {
    const known = this.#bases.get(base);
    return known && this.#key(run, known).catch(() => undefined);
  }

  #once(run: RunContext, base: string): Promise<BaseSnapshot> {
    const known = this.#ready.get(base) ?? this.#make(run, base);
    this.#ready.set(base, known);
    return known;
  }

  async #make(run: RunContext, name: string): Promise<BaseSnapshot> {
    const found = await this.#found(run, name);
    if (found) return found;
    const given = await this.#expected.get(name)?.promise;
    if (given && 'failed' in given) throw given.failed;
    return given?.ready ?? this.#build(run, this.#base(name));
  }

  /** Converges a machine that is made for the snapshot alone, unless another process has done so meanwhile. */
  async #build(run: RunContext, base: ResolvedInstance): Promise<BaseSnapshot> {
    const builder = builderOf(base);
    await using _lock = await lock(run, builder.instance.name, 'snapshot');
    const found = await this.#found(run, base.instance.name);
    if (found) return found;
    let taken: BaseSnapshot | undefined;
    const onConverged = async (one: InstanceRun): Promise<void> => {
      taken = await this.#take(one, base);
    };
    const command = { verb: 'test', goal: 'converge', destroyPolicy: 'always', onConverged } as const;
    const summary = await runLocked(run, builder, command);
    this.summaries.push(summary);
    if (taken) return taken;
    throw new NoSnapshot(
      summary.error ?? toErrorRecord(new Error(`${builder.instance.name} took no snapshot`)),
    );
  }

  async #takeOnce(one: InstanceRun, base: ResolvedInstance): Promise<BaseSnapshot> {
    const { run } = one;
    const { name } = base.instance;
    await using _lock = await lock(run, builderOf(base).instance.name, 'snapshot');
    return (await this.#found(run, name)) ?? (await this.#take(one, base));
  }

  async #take(one: InstanceRun, base: ResolvedInstance): Promise<BaseSnapshot> {
    const taken = await takeBaseSnapshot(one, this.#store(one.run), base, await this.#key(one.run, base));
    this.#taken.set(base.instance.name, taken);
    return taken;
  }

  async #found(run: RunContext, name: string): Promise<BaseSnapshot | undefined> {
    const base = this.#base(name);
    return findBaseSnapshot(run, this.#store(run), base, await this.#key(run, base));
  }

  #key(run: RunContext, base: ResolvedInstance): Promise<string> {
    const { name } = base.instance;
    const make = async (): Promise<string> => {
      const parent = base.config.from && this.#base(base.config.from.instance);
      return snapshotKey(run, base, parent && (await this.#key(run, parent)));
    };
    const key = this.#keys.get(name) ?? make();
    this.#keys.set(name, key);
    return key;
  }

  #store(run: RunContext): SnapshotStore {
    return new SnapshotStore(run.store.dir);
  }

  #base(name: string): ResolvedInstance {
    const base = this.#bases.get(name);
    if (base) return base;
    throw new GalleyError({
      code: 'from.unknown_base',
      kind: 'config',
      message: `the base ${name} is no instance of this kitchen`,
      hint: 'galley list shows the instances; correct `from` of the suites that name it',
    });
  }
}
