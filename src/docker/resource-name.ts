/**
 * Name of a container or network from the things that make it unique: project, instance, maybe service, run. The
 * engine accepts `[a-zA-Z0-9][a-zA-Z0-9_.-]*` (moby, `daemon/names`).
 */
export function resourceName(...parts: readonly string[]): string {
  return ['galley', ...parts].map((part) => part.replace(/[^a-zA-Z0-9_.-]+/g, '-')).join('-');
}
