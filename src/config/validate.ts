import { GalleyError } from '../core/errors.ts';
import { zodIssuesToErrors } from '../core/zod-issues.ts';
import type { Findings } from './findings.ts';
import { KitchenFile, Platform, Suite } from './schema.ts';
import { locateIn, locateKeyIn, type MapNode, toPlain, withoutKeys } from './tree.ts';

/**
 * Checks the merged file against the schema. Keys that start with `x-`, `_` or `.` and keys that only hold anchors
 * are the user's own. Unknown keys are tolerable (Test Kitchen ignores them), all else is an error.
 */
export function validateFile(file: MapNode, anchorKeys: ReadonlySet<string>, findings: Findings): void {
  const known = new Set(Object.keys(KitchenFile.shape));
  const own = [...file.entries.keys()].filter(
    (key) => !known.has(key) && (/^(x-|_|\.)/.test(key) || anchorKeys.has(key)),
  );
  const value = toPlain(withoutKeys(file, own));
  const result = KitchenFile.safeParse(value);
  if (result.success) return;
  const errors = zodIssuesToErrors(result.error.issues, {
    locate: (path) => locateIn(file, path),
    locateKey: (path) => locateKeyIn(file, path),
    schema: KitchenFile,
    value,
  });
  for (const error of errors) {
    if (error.code === 'config.unknown_key') findings.tolerable(withBetterHint(error));
    else findings.errors([error]);
  }
}

/** A key that is right at another level deserves to be told so. */
function withBetterHint(error: GalleyError): GalleyError {
  const key = /^unknown key "(.*)" in (.*)$/.exec(error.message);
  const name = key?.[1] ?? '';
  if (error.hint?.startsWith('did you mean') || name === '') return error;
  const inSuite = Object.hasOwn(Suite.shape, name);
  const inPlatform = Object.hasOwn(Platform.shape, name);
  const inFile = Object.hasOwn(KitchenFile.shape, name);
  const where = [
    inFile && 'the top level',
    inSuite && 'a suite',
    inPlatform && 'a platform',
    !inFile && inSuite && name.endsWith('_path') && '"provisioner"',
  ].filter((one) => typeof one === 'string');
  if (where.length === 0) return error;
  return new GalleyError({
    code: error.code,
    kind: error.kind,
    message: error.message,
    ...(error.location && { location: error.location }),
    hint: `it has no effect here: put it into ${where.join(' or ')}`,
  });
}
