import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { describeMatcher } from '../describe-matcher.ts';
import type { Matcher } from '../matcher.ts';
import { matcher } from '../matcher-schema.ts';
import { unitName } from '../unit-name.ts';

/** Which processes a check is about. All given keys must hold. */
export interface ProcessSelector {
  readonly name?: string | undefined;
  readonly args?: Matcher | undefined;
  readonly user?: Matcher | undefined;
  readonly unit?: string | undefined;
  readonly role?: 'master' | 'worker' | undefined;
  readonly parent?: string | undefined;
  /** Path of the program file. */
  readonly exe?: Matcher | undefined;
  /** It holds the listening socket: a TCP port, or the path of a unix socket. */
  readonly port?: number | string | undefined;
  /** File that has its number. */
  readonly pidfile?: string | undefined;
}

const name = z
  .string()
  .trim()
  .min(1)
  .regex(/^[^/]+$/, 'expected the name of a program, without folders');

const keys = {
  args: matcher(z.string()).optional().describe('the command line, arguments joined by spaces'),
  user: matcher(z.string()).optional().describe('name of the effective user'),
  unit: unitName().optional().describe('systemd unit it belongs to'),
  role: z
    .enum(['master', 'worker'])
    .optional()
    .describe('worker: its parent is selected too; master: has workers and is none'),
  parent: name.optional().describe('name of the parent process'),
  exe: matcher(z.string(), { plain: true }).optional().describe('path of its program file'),
  port: z
    .union([
      z.int().min(1).max(65_535),
      z.string().regex(/^[/@]/, 'expected a port, or the path of a unix socket'),
    ])
    .optional()
    .describe('TCP port or unix socket that it listens on'),
  pidfile: z
    .string()
    .regex(/^\//, 'expected an absolute path')
    .optional()
    .describe('file that has its number'),
};

const NOTHING_SELECTED = 'select processes by name, args, user, unit, role, parent, exe, port or pidfile';

/** As the value of `process:`: a name, or a map. */
export const processSelector: z.ZodType<ProcessSelector> = z.union([
  name.transform((text) => ({ name: text })),
  z
    .strictObject({ name: name.optional().describe('program name: comm, or file name of its path'), ...keys })
    .refine((selector) => isSelecting(selector), NOTHING_SELECTED),
]);

/** As the value of `of:`: a name, or a map with the name under `process`. */
export const processOf: z.ZodType<ProcessSelector> = z.union([
  name.transform((text) => ({ name: text })),
  z
    .strictObject({ process: processSelector.optional(), ...keys })
    .transform(({ process, ...rest }) => ({ ...process, ...defined(rest) }))
    .refine((selector) => isSelecting(selector), NOTHING_SELECTED),
]);

function isSelecting(selector: ProcessSelector): boolean {
  return Object.values(selector).some((value) => value !== undefined);
}

/** Short words: `uwsgi`, `uwsgi workers`, `nginx workers of nginx.service`. */
export function describeSelector(selector: ProcessSelector): string {
  const { name: program, args, user, unit, role, parent, exe, port, pidfile } = selector;
  const head = role ? `${program ?? ''} ${role}s`.trim() : (program ?? (unit ? 'processes' : 'any process'));
  return [
    head,
    unit && `of ${unit}`,
    user && `as ${describeMatcher(user)}`,
    args && `with args ${describeMatcher(args)}`,
    parent && `below ${parent}`,
    exe && `of program ${describeMatcher(exe)}`,
    port && `on port ${port}`,
    pidfile && `in ${pidfile}`,
  ]
    .filter(Boolean)
    .join(' ');
}
