import { GalleyError, GalleyErrors, restated } from '../core/errors.ts';
import type { PathSegment, Section } from '../core/kitchen.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';

/**
 * Runs work of a plugin, the provisioner unless told. An error about one of its settings gets the place where that is
 * written.
 */
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
  return restated(error, { location });
}
