import { z } from 'zod';
import { absentAlone } from '../../src/checks/judge-exists.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';

const attributes = {
  value: matcher(z.string()).optional().describe('its value; several numbers are separated by one space'),
};

export const sysctlSpec = z
  .strictObject({
    sysctl: z
      .string()
      .regex(
        /^[\w*-]+([./][\w.:@*+-]+)+$/,
        'expected the name of a kernel parameter, e.g. net.core.somaxconn',
      )
      .refine((name) => !/\*|\.\.|\/\./.test(name), 'expected one name, no pattern')
      .describe('name of a kernel parameter, with dots or slashes'),
    exists: z.boolean().optional().describe('false: the kernel must not know it'),
    ...attributes,
  })
  .refine(...absentAlone<{ exists?: boolean | undefined }>('exists', attributes, 'a parameter'))
  .refine((spec) => spec.value !== undefined || spec.exists !== undefined, {
    message: 'give the value, or exists',
    path: ['value'],
  });

export type SysctlSpec = z.infer<typeof sysctlSpec>;
