import type { ActionContext } from '../../src/core/action-context.ts';
import type { GalleyEvent } from '../../src/core/events.ts';

export interface TestContext<C> extends ActionContext<C> {
  readonly events: GalleyEvent[];
}

/** A context as the engine gives it, which keeps what was emitted. */
export function testContext<C>(
  config: C,
  given: {
    readonly project: string;
    readonly instance?: string;
    readonly platform?: string;
    readonly root?: string;
    readonly runId?: string;
    readonly signal?: AbortSignal;
  },
): TestContext<C> {
  const events: GalleyEvent[] = [];
  const made = new Map<string, Promise<unknown>>();
  const platform = given.platform ?? 'debian-12';
  return {
    events,
    instance: { name: given.instance ?? `default-${platform}`, suite: 'default', platform },
    config,
    ownership: {
      project: given.project,
      runId: given.runId ?? `t${process.pid}`,
      owner: 'test@localhost',
      expires: new Date(Date.now() + 3_600_000).toISOString(),
    },
    signal: given.signal ?? new AbortController().signal,
    emit: (event) => events.push(event),
    root: given.root ?? process.cwd(),
    once<T>(key: string, make: () => Promise<T>): Promise<T> {
      const pending = made.get(key) ?? make();
      made.set(key, pending);
      return pending as Promise<T>;
    },
  };
}
