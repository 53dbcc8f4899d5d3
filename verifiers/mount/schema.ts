import { posix } from 'node:path';
import { z } from 'zod';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { amount, percent } from '../../src/checks/numbers.ts';

const attributes = {
  source: matcher(z.string(), { plain: true })
    .optional()
    .describe('device, share or word, e.g. /dev/sda1, tmpfs, nfs:/srv'),
  fs: matcher(z.string()).optional().describe('type of the file system: ext4, xfs, tmpfs, nfs4 …'),
  options: matcher(z.array(z.string()))
    .optional()
    .describe('options in force, of the mount and of the file system: ro, noexec, size=65536k …'),
  usage: matcher(percent).optional().describe('percent of the space in use, as df tells it'),
  free: matcher(amount).optional().describe('bytes that an ordinary user may still write'),
  size: matcher(amount).optional().describe('bytes of the file system'),
};

export const mountSpec = z
  .strictObject({
    mount: z
      .string()
      .regex(/^(\/|\$\{)/, 'expected an absolute path')
      .transform((path) => (path === '/' ? path : posix.normalize(path).replace(/(?<=.)\/+$/, '')))
      .describe('absolute path of the mount point'),
    mounted: z.boolean().optional().describe('default: true'),
    ...attributes,
  })
  .refine(...absentAlone<{ mounted?: boolean | undefined }>('mounted', attributes, 'a mount'));

export type MountSpec = z.infer<typeof mountSpec>;
