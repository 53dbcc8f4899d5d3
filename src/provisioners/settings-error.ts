import { type ErrorFacts, GalleyError, type SourceLocation } from '../core/errors.ts';

/** A fault in a provisioner's settings that only shows when files are looked at (a recipe that does not exist). */
export class SettingsError extends GalleyError {
  /** Where in the provisioner's settings, e.g. `['run_list', 2]`: whoever holds the config can fill in `location`. */
  readonly settingsPath: readonly (string | number)[];
  readonly #facts: ErrorFacts;

  constructor(facts: ErrorFacts, settingsPath: readonly (string | number)[]) {
    super(facts);
    this.settingsPath = settingsPath;
    this.#facts = facts;
  }

  /** The same error at a place in the user's file; an error that already has a place keeps it. */
  at(location: SourceLocation | undefined): SettingsError {
    if (location === undefined || this.location !== undefined) return this;
    return new SettingsError({ ...this.#facts, location }, this.settingsPath);
  }
}

/** A path in the settings that does not exist; `looked` is where it was looked for. */
export function pathMissing(
  settingsPath: readonly (string | number)[],
  given: string,
  looked: string,
): SettingsError {
  return new SettingsError(
    {
      code: 'provisioner.path_missing',
      kind: 'config',
      message: `${String(settingsPath[0])}: ${given} does not exist`,
      got: looked,
      hint: `correct \`${String(settingsPath[0])}\`; paths are relative to the kitchen's folder`,
    },
    settingsPath,
  );
}
