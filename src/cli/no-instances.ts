import { GalleyError } from '../core/errors.ts';
import type { Kitchen } from '../core/kitchen.ts';

/** A kitchen in which there is nothing to do is a mistake, not a success. */
export function noInstances(kitchen: Kitchen): GalleyError {
  return new GalleyError({
    code: 'config.no_instances',
    kind: 'config',
    message: `${kitchen.files.join(', ')} gives no instances`,
    details: kitchen.warnings.map((w) => w.message),
    expected: 'at least one of platforms: and one of suites:, not all excluded',
    hint: 'galley list shows the instances of a kitchen; kitchen.example.yml shows the format',
  });
}

/** Options that leave no check to look at: nothing would be verified. */
export function noChecksLeft(): GalleyError {
  return new GalleyError({
    code: 'usage.no_checks_left',
    kind: 'usage',
    message: 'no check is left: --check, --check-tag and --failed exclude each other here',
    hint: 'galley verify --list shows ids and tags',
  });
}
