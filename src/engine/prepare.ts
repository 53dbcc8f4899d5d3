import { GalleyError, GalleyErrors } from '../core/errors.ts';
import type { PathSegment } from '../core/kitchen.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { contextFor, type RunContext } from './run-context.ts';

/** Local work of the provisioner that can fail before anything is made; adds the place in the kitchen file. */
export async function prepare(run: RunContext, resolved: ResolvedInstance): Promise<void> {
  const { provisioner, provisionerConfig } = resolved;
  await located(resolved, () => provisioner.prepare(contextFor(run, resolved, provisionerConfig)));
}

/** Runs work of the provisioner; an error about one of its settings gets the place where that is written. */
export async function located<T>(resolved: ResolvedInstance, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withLocation(error, resolved);
  }
}

/** A provisioner knows which of its settings is wrong (`settingsPath`), the config knows where that is written. */
function withLocation(error: unknown, resolved: ResolvedInstance): unknown {
  if (error instanceof GalleyErrors) {
    return new GalleyErrors(error.errors.map((e) => withLocation(e, resolved) as GalleyError));
  }
  if (!(error instanceof GalleyError) || error.location) return error;
  const path = (error as { settingsPath?: readonly PathSegment[] }).settingsPath;
  const location = path && resolved.config.locate(['provisioner', ...path]);
  if (!location) return error;
  return new GalleyError({
    code: error.code,
    kind: error.kind,
    message: error.message,
    location,
    details: error.details,
    cause: error,
    ...(error.expected !== undefined && { expected: error.expected }),
    ...(error.got !== undefined && { got: error.got }),
    ...(error.hint !== undefined && { hint: error.hint }),
  });
}
