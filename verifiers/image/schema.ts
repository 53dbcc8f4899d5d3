import { z } from 'zod';
import { mapOf } from '../../src/checks/asserting-maps.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';

const attributes = {
  ref: matcher(z.string(), { plain: true }).optional().describe('its name and tag, e.g. postgres:15'),
  env: mapOf(matcher(z.string()))
    .optional()
    .describe('variable → matcher of its value; {absent: true}: not set'),
  ports: matcher(z.array(z.string())).optional().describe('exposed ports, e.g. 80/tcp'),
  labels: mapOf(matcher(z.string()))
    .optional()
    .describe('label → matcher of its value; {absent: true}: not set'),
  entrypoint: matcher(z.array(z.string()), { plain: true }).optional().describe('words of the entrypoint'),
  command: matcher(z.array(z.string()), { plain: true }).optional().describe('words of the default command'),
  user: matcher(z.string()).optional().describe('user it runs as; root when the image names none'),
  volumes: matcher(z.array(z.string()), { plain: true }).optional().describe('folders declared as volumes'),
  workdir: matcher(z.string(), { plain: true }).optional().describe('folder it starts in'),
};

export const imageSpec = z
  .strictObject({
    image: z.string().trim().min(1).describe('instance, or the name of a companion service'),
    of: z
      .enum(['image', 'container'])
      .optional()
      .describe('image (default): what it was made from; container: what it runs with'),
    ...attributes,
  })
  .refine((spec) => Object.keys(attributes).some((key) => key in spec), {
    message: `nothing is asked of it: give one of ${Object.keys(attributes).join(', ')}`,
    path: ['image'],
  });

export type ImageSpec = z.infer<typeof imageSpec>;

/** The `image:` that means the instance itself. */
export const INSTANCE = 'instance';
