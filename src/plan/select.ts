import { didYouMean } from '../core/did-you-mean.ts';
import { GalleyError } from '../core/errors.ts';

/** All that selection by name needs of an instance. */
interface Named {
  readonly instance: { readonly name: string };
}

/**
 * Instances that any of the selectors names, in config order. A selector is `all`, an exact instance name (which
 * wins), or an unanchored regular expression; none at all selects everything. Source: Test Kitchen's
 * `parse_subcommand`, extended to several selectors.
 */
export function selectInstances<T extends Named>(
  instances: readonly T[],
  selectors: readonly string[],
): readonly T[] {
  if (selectors.length === 0 || selectors.includes('all')) return instances;
  const chosen = new Set<T>();
  const unknown: string[] = [];
  for (const selector of selectors) {
    const matches = matchesOf(instances, selector, (one) => one.instance.name);
    if (matches.length === 0) unknown.push(selector);
    for (const match of matches) chosen.add(match);
  }
  if (unknown.length > 0) throw noSuchInstance(unknown, instances);
  return instances.filter((i) => chosen.has(i));
}

/** All that match nothing are told at once; nothing is done for those that do match. */
function noSuchInstance(unknown: readonly string[], instances: readonly Named[]): GalleyError {
  const known = instances.map((one) => one.instance.name);
  const guesses = unknown
    .map((selector) => didYouMean(selector, known))
    .filter((guess) => guess !== undefined);
  return new GalleyError({
    code: 'usage.no_such_instance',
    kind: 'usage',
    message: `no instance matches ${unknown.map((selector) => `'${selector}'`).join(' or ')}`,
    got: unknown.join(', '),
    expected: listNames(instances),
    hint:
      guesses.length > 0
        ? `did you mean ${guesses.map((guess) => `'${guess}'`).join(', ')}?`
        : 'galley list shows the instances of this kitchen',
  });
}

/**
 * What an exact name, else an unanchored regular expression, means among the given. Throws `usage.bad_regexp`, and
 * `usage.empty_selector` for the empty one, which matches everything: `galley destroy "$SUITE"` with a variable unset.
 */
export function matchesOf<T>(
  candidates: readonly T[],
  selector: string,
  nameOf: (candidate: T) => string,
): readonly T[] {
  if (selector === '') throw emptySelector();
  const exact = candidates.filter((one) => nameOf(one) === selector);
  if (exact.length > 0) return exact;
  let pattern: RegExp;
  try {
    pattern = new RegExp(selector);
  } catch (cause) {
    throw new GalleyError({
      code: 'usage.bad_regexp',
      kind: 'usage',
      message: `'${selector}' is neither a name nor a valid regular expression`,
      got: (cause as Error).message,
      hint: 'quote special characters with a backslash',
      cause,
    });
  }
  return candidates.filter((one) => pattern.test(nameOf(one)));
}

function emptySelector(): GalleyError {
  return new GalleyError({
    code: 'usage.empty_selector',
    kind: 'usage',
    message: 'an empty text selects nothing',
    hint: 'is a variable empty? "all", or no selector, means all instances',
  });
}

/** `one of …`, with at most twelve of the names. */
export function listNames(instances: readonly Named[]): string {
  const names = instances.map((i) => i.instance.name);
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `one of ${shown}, … (${names.length} in all)` : `one of ${shown}`;
}
