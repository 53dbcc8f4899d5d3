import { GalleyError } from '../core/errors.ts';
import type { PathSegment } from '../core/kitchen.ts';
import type { ChecksPlace } from './checks-place.ts';

/** A config error about the value at a path below the list. */
export function refuse(
  at: Pick<ChecksPlace, 'locate' | 'pathPrefix'>,
  path: readonly PathSegment[],
  code: string,
  message: string,
  facts: {
    readonly got?: string | undefined;
    readonly expected?: string;
    readonly hint?: string | undefined;
  },
): GalleyError {
  const location = at.locate([...at.pathPrefix, ...path]);
  return new GalleyError({
    code,
    kind: 'config',
    message,
    ...(location && { location }),
    ...(facts.got !== undefined && { got: facts.got }),
    ...(facts.expected !== undefined && { expected: facts.expected }),
    ...(facts.hint !== undefined && { hint: facts.hint }),
  });
}
