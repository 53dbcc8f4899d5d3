import type { Timing } from '../core/check.ts';
import type { SourceLocation } from '../core/errors.ts';
import type { PathSegment } from '../core/kitchen.ts';

/** Where a list of checks stands, and what decides which of them hold there. */
export interface ChecksPlace {
  /** Where the value at a path of the instance's config was written. */
  locate(path: readonly PathSegment[]): SourceLocation | undefined;
  /** Path of the list itself, e.g. `['verifier', 'checks']`. */
  readonly pathPrefix: readonly PathSegment[];
  /** Named in messages. */
  readonly instance?: string;
  /** What `only` is compared with; without them it always holds. */
  readonly suite?: string;
  readonly platform?: string;
  /** All names that `only` may mean; without them it may mean any. */
  readonly siblings?:
    | { readonly suites: readonly string[]; readonly platforms: readonly string[] }
    | undefined;
  /** An empty list is no error. */
  readonly allowEmpty?: boolean;
  /** How checks are tried that do not say; default: once. */
  readonly timing?: Timing;
}
