import { z } from 'zod';
import { imageReference } from './image-reference.ts';
import { version } from './option-values.ts';

/** The option `client` of drivers whose machines no volume can be mounted into. */
export const clientSource = z
  .strictObject({
    from: z
      .enum(['auto', 'preinstalled', 'image', 'url'])
      .optional()
      .describe('where it comes from; default: auto, which is the one on the machine, else image'),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('a .deb, .rpm or .tar.gz that the machine fetches'),
    product: z.enum(['cinc', 'chef']).optional(),
    version: version.optional(),
    image: imageReference
      .optional()
      .describe('a local image that contains a client under /opt/cinc or /opt/chef'),
  })
  .refine((client) => client.from !== 'url' || client.url !== undefined, {
    error: 'takes the client from a url, but has no url: write url: https://…',
  });
/** Where the client of such a machine comes from; `from` is `auto` when missing. */
export type ClientSource = z.infer<typeof clientSource>;
