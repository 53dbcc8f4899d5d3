import { z } from 'zod';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { processSelector } from '../../src/checks/probe/process-selector.ts';

const attributes = {
  count: matcher(z.int()).optional().describe('number of selected processes, without zombies'),
  user: matcher(z.string()).optional().describe('effective user of each'),
  args: matcher(z.string()).optional().describe('command line of each, arguments joined by spaces'),
  state: matcher(z.string()).optional().describe("the kernel's letter for each: R, S, D, T …"),
  workers: matcher(z.int()).optional().describe('number of selected processes whose parent is selected too'),
  masters: matcher(z.int()).optional().describe('number of selected processes with workers, themselves none'),
  startedAfter: z
    .string()
    .regex(/^\/|^\$\{/, 'expected an absolute path')
    .optional()
    .describe('file; each process must have been started after its last change'),
  uptime: matcher(z.number()).optional().describe('seconds since each was started'),
  zombies: matcher(z.int()).optional().describe('number of zombies of that name'),
};

export const processSpec = z
  .strictObject({
    process: processSelector.describe('name, or {name, args, user, unit, role, parent}'),
    running: z.boolean().optional().describe('default: true'),
    ...attributes,
  })
  .refine((spec) => spec.running !== false || Object.keys(attributes).every((key) => !(key in spec)), {
    message: 'a process that must not run has no other attributes',
    path: ['running'],
  });

export type ProcessSpec = z.infer<typeof processSpec>;
