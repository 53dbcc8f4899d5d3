import { z } from 'zod';
import { fileMode } from '../../src/checks/file-mode.ts';
import { matcher, textMatcher } from '../../src/checks/matcher-schema.ts';

const TYPES = ['file', 'directory', 'symlink', 'socket', 'fifo', 'block', 'char'] as const;

const attributes = {
  type: matcher(z.enum(TYPES)).optional().describe('kind of file; a link is a symlink'),
  mode: matcher(fileMode).optional().describe("permission bits, e.g. '0644'"),
  owner: matcher(z.string()).optional().describe('name of the owner'),
  group: matcher(z.string()).optional().describe('name of the group'),
  uid: matcher(z.int()).optional().describe('number of the owner'),
  gid: matcher(z.int()).optional().describe('number of the group'),
  size: matcher(z.int()).optional().describe('bytes'),
  content: textMatcher().optional().describe('the text; a list: contains each of these'),
  lines: matcher(z.array(z.string())).optional().describe('the lines of the text'),
  sha256: matcher(z.string()).optional().describe('hexadecimal digest of the content'),
  target: matcher(z.string(), { plain: true }).optional().describe('where a symbolic link points to'),
};

export const fileSpec = z
  .strictObject({
    file: z
      .string()
      .regex(/^\/|^\$\{/, 'expected an absolute path')
      .describe('absolute path, no pattern'),
    exists: z.boolean().optional().describe('default: true'),
    ...attributes,
  })
  .refine((spec) => spec.exists !== false || Object.keys(attributes).every((key) => !(key in spec)), {
    message: 'a file that must not exist has no other attributes',
    path: ['exists'],
  });

export type FileSpec = z.infer<typeof fileSpec>;
