import { GalleyErrors, toErrorRecord } from '../../core/errors.ts';
import type { InstanceConfig } from '../../core/kitchen.ts';
import { createRedact, type Redact } from '../../core/redactor.ts';
import { EventBus } from '../../engine/event-bus.ts';
import type { Need } from '../../plan/saved-file.ts';
import { planWatch, type WatchPlan } from '../../plan/watch.ts';
import { globsOf } from '../../provisioners/chef-infra/cookbook.ts';
import { stateStore } from '../kitchen.ts';
import { knownSecrets } from '../known-secrets.ts';
import { linkedFolders } from '../linked-folders.ts';
import { newRunId } from '../run-id.ts';
import type { Contents } from './contents.ts';
import { cookbooksAround, gitIgnored } from './ignored.ts';
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
  /** What was last said to be wrong with the kitchen; empty while it can be used. */
  #broken = '';

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
      if (!files || files.length === 0) continue;
      const wasBroken = this.#broken !== '';
      const plan = await this.#planFor(files, watch);
      if (!plan) continue;
      this.#tellUnread(plan.unread);
      const isFixed = wasBroken && this.#broken === '';
      if (plan.files.length === 0 && !isFixed) continue;
      const needs = Object.fromEntries(plan.needs);
      this.#bus.emit({ type: 'watch:changed', files: plan.files, needs, ...(isFixed && { isFixed }) });
      const message = this.#selfTriggers.warning(plan.files, duringRun);
      if (message !== undefined) this.#bus.emit({ type: 'notice', level: 'warning', message });
      if (plan.needs.size > 0) await this.#round(plan.needs);
    }
    this.#bus.emit({ type: 'watch:end', left: await this.#left() });
  }

  /** Says what is wrong and goes on. */
  problem(thrown: unknown): void {
    for (const each of errorsOf(thrown)) {
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
      const broken = JSON.stringify(errorsOf(error).map(toErrorRecord));
      const isOwn = kitchenFiles(before.kitchen, this.#session.host).some((file) => changed.includes(file));
      // A save elsewhere changes nothing about it.
      if (isOwn || broken !== this.#broken) this.problem(error);
      this.#broken = broken;
      return undefined;
    }
    this.#pending = [];
    this.#broken = '';
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
      cookbooks: await cookbooksAround(root, files, globsIn(configsOf(this.#current))),
    });
  }

  #tellUnread(files: readonly string[]): void {
    if (files.length === 0) return;
    const message = `${files.join(', ')}: neither sent nor named by the kitchen, nothing to do`;
    this.#bus.emit({ type: 'notice', level: 'verbose', message });
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

function errorsOf(thrown: unknown): readonly unknown[] {
  return thrown instanceof GalleyErrors ? thrown.errors : [thrown];
}

/** What of cookbooks is sent, as each instance and step says. */
function globsIn(configs: readonly InstanceConfig[]): readonly (readonly string[] | undefined)[] {
  const parts = configs.flatMap((config) => [config, ...(config.steps ?? []).map((step) => step.config)]);
  return [...new Set(parts.map(({ provisioner }) => provisioner.settings['cookbook_files_glob']))].map(
    globsOf,
  );
}

function redactFor(watched: WatchedKitchen): Redact {
  return createRedact(knownSecrets(configsOf(watched), watched.baseInstances));
}
