import type { Repeat } from '../core/check.ts';
import type { Verifier } from '../core/verifier.ts';
import { judgeRepeated } from './judge-repeated.ts';
import { repeatAll } from './repeat-all.ts';

interface Look<F> {
  readonly n: number;
  readonly facts: F;
  readonly durationMs: number;
}

/** What was observed: one look, or those of `repeat`. */
export type LooksOf<F> =
  | { readonly repeat: undefined; readonly facts: F }
  | { readonly repeat: Repeat; readonly looks: readonly Look<F>[] };

/** A type that knows of one look only. */
export type OneLook<S, F> = Omit<Verifier<S, F>, 'repeatable' | 'fatal' | 'identity' | 'explain'>;

/** Makes it honour `repeat`: each look is made and judged by itself. */
export function withRepeat<S, F>(one: OneLook<S, F>): Verifier<S, LooksOf<F>> {
  return {
    ...one,
    repeatable: true,
    async observe(spec, probe) {
      const { repeat, signal } = probe;
      const single = { ...probe, repeat: undefined };
      if (!repeat) return { repeat, facts: await one.observe(spec, single) };
      const looks = await repeatAll(repeat, signal, async (n) => {
        const started = performance.now();
        const facts = await one.observe(spec, single);
        return { n, facts, durationMs: performance.now() - started };
      });
      return { repeat, looks };
    },
    judge(spec, seen) {
      if (seen.repeat === undefined) return one.judge(spec, seen.facts);
      const looks = seen.looks.map(({ n, facts, durationMs }) => ({
        n,
        results: one.judge(spec, facts),
        durationMs,
      }));
      return [judgeRepeated(looks, seen.repeat, looks[0]?.results[0]?.source ?? 'nothing')];
    },
  };
}
