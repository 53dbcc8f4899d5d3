import type { Findings } from './findings.ts';
import { fitsShape } from './fits-shape.ts';
import shape from './kitchen-shape.json' with { type: 'json' };
import { type MapNode, toPlain, withoutKeys } from './tree.ts';

/**
 * Checks the merged file against the schema. Keys that start with `x-`, `_` or `.` and keys that only hold anchors
 * are the user's own. Unknown keys are tolerable (Test Kitchen ignores them), all else is an error.
 *
 * Most files are right, and for them zod is not even loaded: it takes as long as a whole `galley list`.
 */
export async function validateFile(
  file: MapNode,
  anchorKeys: ReadonlySet<string>,
  findings: Findings,
): Promise<void> {
  const own = [...file.entries.keys()].filter(
    (key) => !Object.hasOwn(shape.properties, key) && (/^(x-|_|\.)/.test(key) || anchorKeys.has(key)),
  );
  const judged = withoutKeys(file, own);
  if (fitsShape(toPlain(judged), shape)) return;
  const { mismatches } = await import('./mismatches.ts');
  for (const error of mismatches(judged)) {
    if (error.code === 'config.unknown_key') findings.tolerable(error);
    else findings.errors([error]);
  }
}
