import { z } from 'zod';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { accountNumber } from '../../src/checks/numbers.ts';

const attributes = {
  gid: matcher(accountNumber).optional().describe('number of the group'),
  members: matcher(z.array(z.string()))
    .optional()
    .describe('its users: those listed in it and those whose primary group it is'),
};

export const groupSpec = z
  .strictObject({
    group: z
      .string()
      .regex(/^[A-Za-z_0-9][\w.@$-]*$/, 'expected the name of a group')
      .describe('name of the group'),
    exists: z.boolean().optional().describe('default: true'),
    ...attributes,
  })
  .refine(...absentAlone<{ exists?: boolean | undefined }>('exists', attributes, 'a group'));

export type GroupSpec = z.infer<typeof groupSpec>;
