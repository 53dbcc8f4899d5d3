import type { z } from 'zod';
import type { GalleyError } from '../core/errors.ts';
import { zodIssuesToErrors } from '../core/zod-issues.ts';
import { ServiceDeclaration } from './service-schema.ts';
import { locateIn, locateKeyIn, type MapNode, mapOf, type Node, toPlain } from './tree.ts';

export interface ServiceRules {
  readonly parseService: typeof parseService;
}

/** One of the declared services, or what its schema has against it. */
export function parseService(
  name: string,
  node: Node,
  services: MapNode,
): { readonly value: z.output<typeof ServiceDeclaration> } | { readonly errors: readonly GalleyError[] } {
  const value = toPlain(node);
  const parsed = ServiceDeclaration.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const root = mapOf('services', { keyPlace: services.place, value: services });
  const errors = zodIssuesToErrors(parsed.error.issues, {
    locate: (path) => locateIn(root, path),
    locateKey: (path) => locateKeyIn(root, path),
    pathPrefix: ['services', name],
    schema: ServiceDeclaration,
    value,
  });
  return { errors };
}
