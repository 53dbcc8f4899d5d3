import { GalleyError } from '../core/errors.ts';
import { zodIssuesToErrors } from '../core/zod-issues.ts';
import { KitchenFile, OverlayMarks, Platform, Suite } from './schema.ts';
import { locateIn, locateKeyIn, type MapNode, toPlain } from './tree.ts';

/** What the schema has against a file, each with its place; an unknown key with the level that it belongs to. */
export function mismatches(file: MapNode): readonly GalleyError[] {
  const value = toPlain(file);
  const result = KitchenFile.safeParse(value);
  if (result.success) return [];
  return zodIssuesToErrors(result.error.issues, {
    locate: (path) => locateIn(file, path),
    locateKey: (path) => locateKeyIn(file, path),
    schema: KitchenFile,
    value,
  }).map((error) => (error.code === 'config.unknown_key' ? withBetterHint(error) : error));
}

/** A key that is right at another level deserves to be told so. */
function withBetterHint(error: GalleyError): GalleyError {
  const key = /^unknown key "(.*)" in (.*)$/.exec(error.message);
  const name = key?.[1] ?? '';
  if (name === '') return error;
  if (/^(platforms|suites)\[\d+\]$/.test(key?.[2] ?? '') && Object.hasOwn(OverlayMarks.shape, name)) {
    return withHint(error, 'it works in a file that says `merge: by_name`');
  }
  if (error.hint?.startsWith('did you mean')) return error;
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
  return withHint(error, `it has no effect here: put it into ${where.join(' or ')}`);
}

function withHint({ code, kind, message, location }: GalleyError, hint: string): GalleyError {
  return new GalleyError({ code, kind, message, hint, ...(location && { location }) });
}
