import { GalleyErrors, toErrorRecord } from '../../core/errors.ts';
import { createRedact, type Redact } from '../../core/redactor.ts';
import { EventBus } from '../../engine/event-bus.ts';
import { type Need, planWatch, type WatchPlan } from '../../plan/watch.ts';
import { stateStore } from '../kitchen.ts';
import { knownSecrets } from '../known-secrets.ts';
import { linkedFolders } from '../linked-folders.ts';
import { newRunId } from '../run-id.ts';
import type { Contents } from './contents.ts';
import { chefIgnored, gitIgnored } from './ignored.ts';
import { configsOf, kitchenFiles, watchedPaths } from './read-watched.ts';
import { runRound, type WatchedKitchen, type WatchSession } from './round.ts';
import type { Saves } from './saves.ts';
import { SelfTriggers } from './self-triggers.ts';

/** Where a watch learns of saves, and how it reads the kitchen anew. */
export interface WatchSources {
  readonly saves: Saves;
  readonly contents: Contents;
  read(): Promise<WatchedKitchen>;
}

/** One run after another: the first at once, each further one when files were saved, never two at a time. */
export class WatchLoop {
  readonly #session: WatchSession;
  readonly #sources: WatchSources;
  readonly #bus: EventBus;
  #current: WatchedKitchen;
  #redact: Redact;
  #isRunning = false;
  readonly #selfTriggers = new SelfTriggers();
  /** Saved files that a broken kitchen kept from being worked on. */
  #pending: readonly string[] = [];

  constructor(session: WatchSession, sources: WatchSources, first: WatchedKitchen) {
    this.#session = session;
    this.#sources = sources;
    this.#current = first;
    this.#redact = redactFor(first);
    this.#bus = new EventBus(newRunId(), session.reporters, (event) => this.#redact(event));
  }

  /** `watch`: takes up paths that a saved kitchen leads to. Resolves after the interrupt. */
  async run(watch: (paths: readonly string[]) => void): Promise<void> {
    const { signal } = this.#session.interrupts;
    const { kitchen, resolved } = this.#current;
    const instances = resolved.map((one) => one.instance.name);
    this.#bus.emit({ type: 'watch:start', root: kitchen.root, instances });
    await this.#round(new Map(instances.map((name) => [name, 'converge'])));
    while (!signal.aborted) {
      this.#bus.emit({ type: 'watch:waiting' });
      const duringRun = this.#sources.saves.hasSome;
      const batch = await this.#sources.saves.next(signal);
      const files = batch && (await this.#sources.contents.changed(batch));
      const plan = files && files.length > 0 ? await this.#planFor(files, watch) : undefined;
      if (!plan || plan.files.length === 0) continue;
      this.#bus.emit({ type: 'watch:changed', files: plan.files, needs: Object.fromEntries(plan.needs) });
      const message = this.#selfTriggers.warning(plan.files, duringRun);
      if (message !== undefined) this.#bus.emit({ type: 'notice', level: 'warning', message });
      if (plan.needs.size > 0) await this.#round(plan.needs);
    }
    this.#bus.emit({ type: 'watch:end', left: await this.#left() });
  }

  /** Says what is wrong and goes on. */
  problem(thrown: unknown): void {
    for (const each of thrown instanceof GalleyErrors ? thrown.errors : [thrown]) {
      this.#bus.emit({ type: 'watch:problem', error: toErrorRecord(each) });
    }
  }

  onInterrupt(count: number): void {
    if (!this.#isRunning) return;
    const message =
      count === 1
        ? 'ending: what runs is cancelled, nothing is destroyed; interrupt again to leave at once'
        : 'leaving at once';
    this.#bus.emit({ type: 'notice', level: 'warning', message });
  }

  close(): ReturnType<EventBus['close']> {
    return this.#bus.close();
  }

  /** Undefined when the kitchen cannot be used as it is now; the files then count at the next save. */
  async #planFor(
    changed: readonly string[],
    watch: (paths: readonly string[]) => void,
  ): Promise<WatchPlan | undefined> {
    const before = this.#current;
    const files = [...new Set([...this.#pending, ...changed])];
    try {
      this.#current = await this.#sources.read();
    } catch (error) {
      this.#pending = files;
      this.problem(error);
      return undefined;
    }
    this.#pending = [];
    this.#redact = redactFor(this.#current);
    this.#tellWhatLeft(before);
    const { root } = this.#current.kitchen;
    const linked = await linkedFolders(configsOf(this.#current), root);
    watch(watchedPaths(this.#current, linked));
    return planWatch(configsOf(before), configsOf(this.#current), {
      files,
      root,
      kitchenFiles: kitchenFiles(this.#current.kitchen, this.#session.host),
      linked,
      gitIgnored: await gitIgnored(root, files),
      chefIgnored: await chefIgnored(root, files),
    });
  }

  #tellWhatLeft(before: WatchedKitchen): void {
    const now = new Set(this.#current.kitchen.instances.map((config) => config.instance.name));
    for (const { instance } of before.resolved) {
      if (now.has(instance.name)) continue;
      const message = `${instance.name} is no longer in the kitchen file: galley destroy --orphans removes it`;
      this.#bus.emit({ type: 'notice', level: 'warning', message });
    }
  }

  async #round(needs: ReadonlyMap<string, Need>): Promise<void> {
    this.#isRunning = true;
    try {
      await runRound(this.#session, this.#current, needs);
    } finally {
      this.#isRunning = false;
    }
  }

  /** Watched instances of which something was made. */
  async #left(): Promise<readonly string[]> {
    const { kitchen, resolved } = this.#current;
    const store = stateStore(kitchen);
    const names = resolved.map((one) => one.instance.name);
    const states = await Promise.all(names.map((name) => store.peek(name)));
    return names.filter((_, at) => Object.keys(states[at]?.machine ?? {}).length > 0);
  }
}

function redactFor(watched: WatchedKitchen): Redact {
  return createRedact(knownSecrets(configsOf(watched), watched.baseInstances));
}
