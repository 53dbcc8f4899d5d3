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
