import { z } from 'zod';
import { jsonPaths, xmlPaths } from '../../src/checks/asserting-maps.ts';
import { fileMode } from '../../src/checks/file-mode.ts';
import { matcher, textMatcher, timestamp } from '../../src/checks/matcher-schema.ts';
import { accountNumber, count } from '../../src/checks/numbers.ts';

const TYPES = ['file', 'directory', 'symlink', 'socket', 'fifo', 'block', 'char'] as const;

/** Formats that a path can look into. */
export const FORMATS = ['json', 'yaml', 'ini', 'toml', 'xml'] as const;
export type Format = (typeof FORMATS)[number];

const digest = z
  .string()
  .toLowerCase()
  .regex(/^[\da-f]{64}$/, 'expected 64 hexadecimal digits');
const users = z
  .union([
    z.string().trim().min(1),
    z.array(z.string().trim().min(1)).min(1, 'an empty list asserts nothing'),
  ])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .meta({ takes: 'text or list of text' });

const attributes = {
  type: matcher(z.enum(TYPES)).optional().describe('kind of file; a link is a symlink'),
  mode: matcher(fileMode).optional().describe("permission bits, e.g. '0644'"),
  owner: matcher(z.string()).optional().describe('name of the owner'),
  group: matcher(z.string()).optional().describe('name of the group'),
  uid: matcher(accountNumber).optional().describe('number of the owner'),
  gid: matcher(accountNumber).optional().describe('number of the group'),
  size: matcher(count).optional().describe('bytes'),
  mtime: matcher(timestamp).optional().describe('time of its last change, e.g. {changedSince: converge}'),
  content: textMatcher().optional().describe('the text; a list: contains each of these'),
  lines: matcher(z.array(z.string())).optional().describe('the lines of the text'),
  json: jsonPaths.optional().describe('path such as items[0].name → matcher'),
  yaml: jsonPaths.optional().describe('path such as services.web.ports → matcher'),
  ini: jsonPaths
    .optional()
    .describe('section.key → matcher; of a key given several times all values, as a list'),
  toml: jsonPaths.optional().describe('path such as tool.name → matcher'),
  xml: xmlPaths.optional().describe('path such as /config/server[1]/@port → matcher'),
  sha256: matcher(digest).optional().describe('hexadecimal digest of the content'),
  target: matcher(z.string(), { plain: true }).optional().describe('where a symbolic link points to'),
  acl: matcher(z.array(z.string()), { plain: true })
    .optional()
    .describe('entries as getfacl prints them, e.g. user:www-data:r-x'),
  readableBy: users.optional().describe('users who can read it, tried as each of them'),
  unreadableBy: users.optional().describe('users who cannot read it, tried as each of them'),
  mountedOn: matcher(z.string(), { plain: true })
    .optional()
    .describe('mount point of the file system that it is on, e.g. /data'),
};

const PATTERN = /[*?[]/;

export const fileSpec = z
  .strictObject({
    file: z
      .string()
      .regex(/^\/|^\$\{/, 'expected an absolute path')
      .refine((path) => !path.includes('**'), "'**' is not known: a pattern stays within its folders")
      .describe('absolute path, or a pattern with *, ? and […]'),
    exists: z.boolean().optional().describe('default: true; of a pattern: whether anything matches'),
    count: matcher(count).optional().describe('of a pattern: number of files that match'),
    holdsFor: z
      .enum(['each', 'any', 'none'])
      .optional()
      .describe('of a pattern: for how many files the attributes hold; default: each'),
    ...attributes,
  })
  .refine((spec) => spec.exists !== false || Object.keys(attributes).every((key) => !(key in spec)), {
    message: 'a file that must not exist has no other attributes',
    path: ['exists'],
  })
  .refine((spec) => spec.exists !== false || spec.count === undefined, {
    message: "'exists: false' is a count of 0: give one of them",
    path: ['count'],
  })
  .superRefine((spec, context) => {
    const odd = (['count', 'holdsFor'] as const).find((key) => key in spec);
    if (odd !== undefined && !isPattern(spec))
      context.addIssue({
        code: 'custom',
        path: [odd],
        message: `'${odd}' is for a pattern such as /etc/*.conf`,
      });
  });

export type FileSpec = z.infer<typeof fileSpec>;

export function isPattern(spec: { readonly file: string }): boolean {
  return PATTERN.test(spec.file.replaceAll(/\$\{[^}]+\}/g, ''));
}
