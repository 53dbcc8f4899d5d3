import { GalleyError } from '../core/errors.ts';
import { listNames } from '../plan/select.ts';

/** The error of a command that needs an instance to be named, with those that there are. */
export function instanceNeeded(
  verb: string,
  instances: readonly { readonly instance: { readonly name: string } }[],
): GalleyError {
  const [first] = instances;
  return new GalleyError({
    code: 'usage.instance_needed',
    kind: 'usage',
    message: `galley ${verb} needs an instance`,
    expected: listNames(instances),
    hint: `galley ${verb} ${first?.instance.name ?? 'INSTANCE'}`,
  });
}
