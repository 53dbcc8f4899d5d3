import { z } from 'zod';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { accountNumber } from '../../src/checks/numbers.ts';

const attributes = {
  uid: matcher(accountNumber).optional().describe('number of the user'),
  gid: matcher(accountNumber).optional().describe('number of its primary group'),
  group: matcher(z.string()).optional().describe('name of its primary group'),
  groups: matcher(z.array(z.string())).optional().describe('names of all its groups, the primary one too'),
  home: matcher(z.string(), { plain: true }).optional().describe('home directory'),
  shell: matcher(z.string(), { plain: true }).optional().describe('login shell'),
  comment: matcher(z.string()).optional().describe('full name (GECOS field)'),
  locked: z.boolean().optional().describe('true: no password lets it log in; SSH keys still may'),
  password: matcher(z.enum(['set', 'locked', 'none']))
    .optional()
    .describe('set, locked, or none: it logs in with an empty password'),
  sudo: z
    .union([z.boolean(), matcher(z.array(z.string()))])
    .optional()
    .describe(
      'true: sudo lets it run every command; false: none at all; or its rules, as sudo -l prints them',
    ),
  keys: matcher(z.array(z.string())).optional().describe('lines of its authorized SSH keys'),
};

export const userSpec = z
  .strictObject({
    user: z
      .string()
      .regex(/^[A-Za-z_0-9][\w.@$-]*$/, 'expected the name of a user')
      .describe('name of the user'),
    exists: z.boolean().optional().describe('default: true'),
    ...attributes,
  })
  .refine(...absentAlone<{ exists?: boolean | undefined }>('exists', attributes, 'a user'));

export type UserSpec = z.infer<typeof userSpec>;
