import type { VersionOrder } from './versions/order.ts';

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
  | { readonly kind: 'hasKey'; readonly key: string }
  | { readonly kind: 'present' | 'absent' }
  | { readonly kind: 'not'; readonly of: Matcher }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Matcher[] }
  /** Over the elements of a list. */
  | { readonly kind: 'each' | 'none' | 'some'; readonly of: Matcher }
  | { readonly kind: 'superset' | 'subset' | 'exactly'; readonly items: readonly Matcher[] };

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
