import { Unsupported } from './failure.ts';
import { RubyHash, type RubyProc, RubySymbol, type Value } from './values.ts';

type Taking = { readonly length: number };

/**
 * Calls a method, and refuses (`Unsupported`) when it was given arguments that it did not look at, or a block although
 * it declares none (its first three parameters are self, arguments, block). What we do not know may mean anything:
 * `"x".lines(chomp: true)` without its option would be a wrong value, which is worse than none.
 */
export function callKnowing<T>(
  name: string,
  method: Taking,
  args: readonly Value[],
  block: RubyProc | undefined,
  call: (args: readonly Value[]) => T,
): T {
  if (block && method.length < 3) throw new Unsupported(`${name} with a block`, -1);
  if (args.length === 0) return call(args);
  let seen = 0;
  const watched = new Proxy(args, {
    get(target, key, receiver) {
      if (typeof key === 'string' && key !== 'length')
        seen = Math.max(seen, /^\d+$/.test(key) ? Number(key) + 1 : args.length);
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  const result = call(watched);
  if (seen < args.length) throw new Unsupported(`${name} with ${args.length} arguments`, -1);
  return result;
}

/** Keyword arguments, of which only `known` ones may be given. */
export function options(given: readonly Value[], known: readonly string[]): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  for (const one of given) {
    if (!(one instanceof RubyHash)) throw new Unsupported('such arguments', -1);
    for (const [key, value] of one.pairs) {
      if (!(key instanceof RubySymbol) || !known.includes(key.name))
        throw new Unsupported('such options', -1);
      found.set(key.name, value);
    }
  }
  return found;
}
