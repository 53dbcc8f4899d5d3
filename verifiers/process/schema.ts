import { z } from 'zod';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { processSelector } from '../../src/checks/probe/process-selector.ts';

/** Names of limits as the shell and systemd's Limit… settings have them → as /proc/PID/limits has them (proc(5)). */
export const LIMITS = {
  as: 'address space',
  core: 'core file size',
  cpu: 'cpu time',
  data: 'data size',
  fsize: 'file size',
  locks: 'file locks',
  memlock: 'locked memory',
  msgqueue: 'msgqueue size',
  nice: 'nice priority',
  nofile: 'open files',
  nproc: 'processes',
  rss: 'resident set',
  rtprio: 'realtime priority',
  rttime: 'realtime timeout',
  sigpending: 'pending signals',
  stack: 'stack size',
} as const;
export type LimitName = keyof typeof LIMITS;

const limits = z
  .strictObject(
    Object.fromEntries(Object.keys(LIMITS).map((name) => [name, matcher(z.number()).optional()])) as Record<
      LimitName,
      z.ZodOptional<ReturnType<typeof matcher>>
    >,
  )
  .meta({ takes: `map of ${Object.keys(LIMITS).join(', ')}` });

/** What is told of a single process. */
const ofOne = {
  user: matcher(z.string()).optional().describe('effective user of each'),
  args: matcher(z.string()).optional().describe('command line of each, arguments joined by spaces'),
  exe: matcher(z.string(), { plain: true }).optional().describe('path of the program of each'),
  cwd: matcher(z.string(), { plain: true }).optional().describe('working folder of each'),
  state: matcher(z.string()).optional().describe("the kernel's letter for each: R, S, D, T …"),
  uptime: matcher(z.number()).optional().describe('seconds since each was started'),
  threads: matcher(z.int()).optional().describe('number of threads of each'),
  rss: matcher(z.number()).optional().describe('resident memory of each, KiB'),
  openFiles: matcher(z.int()).optional().describe('number of open file descriptors of each'),
  oomScore: matcher(z.int()).optional().describe('score of each for the out-of-memory killer'),
  limits: limits
    .optional()
    .describe('soft limit of each, e.g. {nofile: {gte: 65536}}; unlimited is above all'),
  hardLimits: limits.optional().describe('hard limit of each'),
};
const one = z
  .strictObject(ofOne)
  .refine((given) => Object.keys(given).length > 0, 'an empty map asserts nothing')
  .meta({ takes: `map of ${Object.keys(ofOne).join(', ')}` });

export type OfOne = z.infer<typeof one>;

const attributes = {
  count: matcher(z.int()).optional().describe('number of selected processes, without zombies'),
  workers: matcher(z.int()).optional().describe('number of selected processes whose parent is selected too'),
  masters: matcher(z.int()).optional().describe('number of selected processes with workers, themselves none'),
  zombies: matcher(z.int()).optional().describe('number of zombies of that name'),
  startedAfter: z
    .string()
    .regex(/^\/|^\$\{/, 'expected an absolute path')
    .optional()
    .describe('file; each process must have been started after its last change'),
  each: one.optional().describe('all of this holds for every selected process, as when given without each'),
  any: one.optional().describe('all of this holds for at least one of them'),
  none: one.optional().describe('for none of them does all of this hold'),
  ...ofOne,
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

const DETAILS = ['cwd', 'openFiles', 'oomScore', 'limits', 'hardLimits'] as const;

/** Whether the attributes need more than the list of processes. */
export function needsDetails(spec: ProcessSpec): boolean {
  return [spec, spec.each, spec.any, spec.none].some((given) =>
    DETAILS.some((key) => given?.[key] !== undefined),
  );
}
