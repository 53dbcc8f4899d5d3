import { GalleyError, GalleyErrors } from '../core/errors.ts';
import type { PathSegment, Section } from '../core/kitchen.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { contextFor, type RunContext } from './run-context.ts';

/** Finds and checks the existing tests before anything is made. */
export async function prepareSuite(run: RunContext, resolved: ResolvedInstance): Promise<void> {
  const { suite } = resolved;
  if (suite === undefined) return;
  await located(resolved, () => suite.plugin.prepare(contextFor(run, resolved, suite.config)), 'verifier');
}

/** Local work of the provisioner that can fail before anything is made; adds the place in the kitchen file. */
export async function prepare(run: RunContext, resolved: ResolvedInstance): Promise<void> {
  const { provisioner, provisionerConfig } = resolved;
  await located(resolved, () => provisioner.prepare(contextFor(run, resolved, provisionerConfig)));
}

/** Runs work of a plugin, the provisioner unless told; an error about one of its settings gets the place where that is written. */
export async function located<T>(
  resolved: ResolvedInstance,
  work: () => Promise<T>,
  section: Section = 'provisioner',
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withLocation(error, resolved, section);
  }
}

/** A plugin knows which of its settings is wrong (`settingsPath`), the config knows where that is written. */
function withLocation(error: unknown, resolved: ResolvedInstance, section: Section): unknown {
  if (error instanceof GalleyErrors) {
    return new GalleyErrors(error.errors.map((e) => withLocation(e, resolved, section) as GalleyError));
  }
  if (!(error instanceof GalleyError) || error.location) return error;
  const path = (error as { settingsPath?: readonly PathSegment[] }).settingsPath;
  const location = path && resolved.config.locate([section, ...path]);
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
