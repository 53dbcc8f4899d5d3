import type { Findings } from './findings.ts';
import { locateIn, type MapNode } from './tree.ts';

/** Of a suite, a platform or a step; suite and platform together, with what state files add, must fit into 255. */
const MAX_NAME_BYTES = 100;

/** Control characters, and those that turn the direction of the text around them or break its line. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** The name becomes part of file names and of the lines that reports are made of. */
export function reportUnusable(
  name: string,
  node: MapNode,
  kind: 'platform' | 'suite' | 'step',
  findings: Findings,
): void {
  const isTooLong = Buffer.byteLength(name) > MAX_NAME_BYTES;
  if (name !== '' && !isTooLong && !UNPRINTABLE.test(name)) return;
  const location = locateIn(node, ['name']);
  findings.error({
    code: 'config.unusable_name',
    message: `${JSON.stringify(name.slice(0, 40))} cannot be the name of a ${kind}: it becomes part of file names`,
    expected: `1 to ${MAX_NAME_BYTES} bytes, no control characters`,
    ...(location && { location }),
  });
}
