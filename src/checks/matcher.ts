import type { VersionOrder } from './versions/version-order.ts';

export type Scalar = string | number | boolean | null;

/**
 * A parsed matcher: what the schema makes of a literal, a matcher map or a list in a check.
 * `any` of a list attribute with one matcher is `some`; a list literal is `superset`.
 */
export type Matcher =
  /** `looseEnd`: a final line end of the observed text does not count. */
  | { readonly kind: 'equal'; readonly value: unknown; readonly looseEnd?: boolean }
  | { readonly kind: 'oneOf'; readonly values: readonly unknown[] }
  | { readonly kind: 'matches'; readonly pattern: RegExp }
  | { readonly kind: 'contains' | 'startsWith' | 'endsWith'; readonly text: string }
  | { readonly kind: 'gt' | 'gte' | 'lt' | 'lte'; readonly value: Operand }
  | { readonly kind: 'between'; readonly from: Operand; readonly to: Operand }
  /** `order`: set when it is known which package manager's rules decide; until then Debian's. */
  | {
      readonly kind: 'version';
      readonly relation: 'gt' | 'gte' | 'lt' | 'lte' | 'semver';
      readonly value: string;
      readonly order?: VersionOrder;
    }
  | { readonly kind: 'length'; readonly of: Matcher }
  /** Elements of a list or lines of a text: how many there are, or how many meet `of`. */
  | { readonly kind: 'count'; readonly of: Matcher | undefined; readonly is: Matcher }
  /** Values inside a JSON or XML text, or a value, each with its matcher. */
  | {
      readonly kind: 'path';
      readonly language: 'json' | 'xml';
      readonly entries: readonly (readonly [path: string, of: Matcher])[];
    }
  /** Seconds since the epoch; `converge` stands for the start of the last one until `withConverge` fills it in. */
  | { readonly kind: 'changedSince'; readonly since: number | 'converge' }
  | { readonly kind: 'hasKey'; readonly key: string }
  | { readonly kind: 'present' | 'absent' }
  | { readonly kind: 'not'; readonly of: Matcher }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Matcher[] }
  /** Over the elements of a list. */
  | { readonly kind: 'each' | 'none' | 'some'; readonly of: Matcher }
  /** `only`: these and no others, each at least once; `exactly`: each just once. In any order. */
  | { readonly kind: 'superset' | 'subset' | 'exactly' | 'only'; readonly items: readonly Matcher[] };

/** A number, or a template such as `${services.db.port}` that is not filled in yet. */
export type Operand = number | string;

export interface MatchOptions {
  /** Show neither side: only lengths and whether they are equal. */
  readonly secret?: boolean;
}

export interface MatchResult {
  readonly ok: boolean;
  /** The relation asked for: the matcher's key, e.g. `gte`. */
  readonly relation: string;
  readonly expected: string;
  readonly observed: string;
  /** Conversions made before comparing, e.g. `to number (raw value was "128")`. */
  readonly transforms?: readonly string[];
}
