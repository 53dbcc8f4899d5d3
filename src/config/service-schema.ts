import { z } from 'zod';
import { imageReference } from '../core/image-reference.ts';
import type { ServiceWait } from '../core/service.ts';
import { variableName } from '../core/variable-name.ts';

const port = z.int().min(1).max(65535);
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .union([item, z.array(item)])
    .transform((given) => (Array.isArray(given) ? given : [given]) as z.output<T>[]);

const oneWait: z.ZodType<ServiceWait> = z.lazy(() =>
  z.union([
    z.strictObject({ log: z.string(), times: z.int().min(1).optional() }),
    z.strictObject({ port }),
    z.strictObject({ command: z.string() }),
    z.strictObject({ health: z.literal(true) }),
    z.strictObject({
      http: z.strictObject({
        path: z.string().startsWith('/'),
        port,
        status: z.int().min(100).max(599).optional(),
      }),
    }),
    z.strictObject({ all: z.array(oneWait).min(1) }),
  ]),
);

/** A companion service as declared, in normal form: `image` given, `environment` a mapping. */
export const ServiceDeclaration = z.strictObject({
  image: imageReference.describe('Image with tag, e.g. `postgres:15`'),
  environment: z
    .union([z.record(variableName, z.union([z.string(), z.number(), z.boolean(), z.null()])), z.null()])
    .optional()
    .describe('Variables, as a mapping or a list of `KEY=value`'),
  ports: z
    .union([listOf(port), z.null()])
    .optional()
    .describe('TCP ports inside; the first is the main one'),
  command: z
    .union([z.string(), z.array(z.union([z.string(), z.number().transform(String)])), z.null()])
    .optional()
    .describe('Arguments for the image’s entrypoint'),
  wait: z.union([oneWait, z.null()]).optional().describe('When the service counts as started'),
  timeout: z.union([z.number().positive(), z.null()]).optional().describe('Seconds to wait for it'),
  url: z.union([z.string(), z.null()]).optional().describe('Connection URL instead of the derived one'),
});
