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
