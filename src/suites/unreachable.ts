import type { Endpoint } from '../core/endpoint.ts';
import { GalleyError } from '../core/errors.ts';

/** `TOOL.unreachable`: a tool that connects by itself has no way to machines of this kind. */
export function unreachable(suite: string, title: string, kind: Endpoint['kind']): GalleyError {
  return new GalleyError({
    code: `${suite}.unreachable`,
    kind: 'config',
    message: `${title} has no way to reach an instance over ${kind}`,
    hint: 'use the ssh transport for this suite, or Galley’s own checks',
  });
}
