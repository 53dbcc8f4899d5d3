import type { ActionContext } from '../core/action-context.ts';
import type { Emit } from '../core/events.ts';

type Once = ActionContext['once'];

/** Shorter waits are not worth an event. */
const SHORTEST_WAIT_MS = 100;
/** Per run, who makes what. */
const makers = new WeakMap<Once, Map<string, string>>();

/** Shares work between the instances of one run: the first caller does it, the others wait for the same result. */
export function createOnce(): Once {
  const results = new Map<string, Promise<unknown>>();
  return <T>(key: string, make: () => Promise<T>): Promise<T> => {
    let result = results.get(key);
    if (result === undefined) {
      result = make();
      results.set(key, result);
    }
    return result as Promise<T>;
  };
}

/** `once` for one instance: says so when the instance had to wait for work that another one did. */
export function onceFor(once: Once, instance: string, emit: Emit): Once {
  const known = makers.get(once) ?? new Map<string, string>();
  makers.set(once, known);
  return async <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = once(key, () => {
      known.set(key, instance);
      return make();
    });
    const holder = known.get(key);
    try {
      return await result;
    } finally {
      const durationMs = performance.now() - started;
      if (holder !== undefined && holder !== instance && durationMs >= SHORTEST_WAIT_MS) {
        const [what = key] = key.split('\n');
        emit({ type: 'wait', instance, what, holder, durationMs });
      }
    }
  };
}
