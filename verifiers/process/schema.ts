import { z } from 'zod';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { amount, atLeastOne, count } from '../../src/checks/numbers.ts';
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
    Object.fromEntries(Object.keys(LIMITS).map((name) => [name, matcher(amount).optional()])) as Record<
      LimitName,
      z.ZodOptional<ReturnType<typeof matcher>>
    >,
  )
  .refine((given) => Object.keys(given).length > 0, 'an empty map asserts nothing')
  .meta({ takes: `map of ${Object.keys(LIMITS).join(', ')}` });

/** Letters of proc(5). */
const STATES = ['R', 'S', 'D', 'Z', 'T', 't', 'I', 'W', 'K', 'P', 'X'] as const;

/** What is told of a single process. */
const ofOne = {
  user: matcher(z.string()).optional().describe('effective user of each'),
  args: matcher(z.string()).optional().describe('command line of each, arguments joined by spaces'),
  exe: matcher(z.string(), { plain: true }).optional().describe('path of the program of each'),
  cwd: matcher(z.string(), { plain: true }).optional().describe('working folder of each'),
  state: matcher(z.enum(STATES)).optional().describe("the kernel's letter for each: R, S, D, T …"),
  uptime: matcher(amount).optional().describe('seconds since each was started'),
  threads: matcher(atLeastOne).optional().describe('number of threads of each'),
  rss: matcher(amount).optional().describe('resident memory of each, KiB'),
  openFiles: matcher(count).optional().describe('number of open file descriptors of each'),
  oomScore: matcher(count).optional().describe('score of each for the out-of-memory killer'),
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
  count: matcher(count).optional().describe('number of selected processes, without zombies'),
  workers: matcher(count).optional().describe('number of selected processes whose parent is selected too'),
  masters: matcher(count).optional().describe('number of selected processes with workers, themselves none'),
  zombies: matcher(count).optional().describe('number of zombies of that name'),
  startedAfter: z
    .string()
    .regex(/^\/|^\$\{/, 'expected an absolute path')
    .optional()
    .describe('file; each process must have been started after its last change'),
  restarts: matcher(count)
    .optional()
    .describe('how often systemd restarted the units of the selected processes by itself, added up'),
  each: one.optional().describe('all of this holds for every selected process, as when given without each'),
  any: one.optional().describe('all of this holds for at least one of them'),
  none: one.optional().describe('for none of them does all of this hold'),
  ...ofOne,
};

export const processSpec = z
  .strictObject({
    process: processSelector.describe('name, or {name, args, user, unit, role, parent, exe, port, pidfile}'),
    running: z.boolean().optional().describe('default: true'),
    ...attributes,
  })
  .refine((spec) => spec.running !== false || Object.keys(attributes).every((key) => !(key in spec)), {
    message: 'a process that must not run has no other attributes',
    path: ['running'],
  })
  .superRefine((spec, context) => {
    const { count: wanted } = spec;
    if (wanted?.kind !== 'equal' || wanted.value !== 0) return;
    const odd = (['running', 'startedAfter', 'restarts', 'each', 'any', ...Object.keys(ofOne)] as const).find(
      (key) => key in spec,
    );
    if (odd === undefined) return;
    const message = `impossible: there is no '${odd}' of no processes: a count of 0 stands alone`;
    context.addIssue({ code: 'custom', path: [odd], message });
  });

export type ProcessSpec = z.infer<typeof processSpec>;

const DETAILS = ['cwd', 'openFiles', 'oomScore', 'limits', 'hardLimits'] as const;

/** Whether the attributes need more than the list of processes. */
export function needsDetails(spec: ProcessSpec): boolean {
  return [spec, spec.each, spec.any, spec.none].some((given) =>
    DETAILS.some((key) => given?.[key] !== undefined),
  );
}
