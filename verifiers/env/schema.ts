import { z } from 'zod';
import { mapWanted } from '../../src/checks/map-wanted.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { portNumber } from '../../src/checks/numbers.ts';
import { processOf } from '../../src/checks/probe/process-selector.ts';

const path = z.string().regex(/^\/|^\$\{/, 'expected an absolute path');
const value = () => matcher(z.string(), { plain: true }).optional();

export const envSpec = z
  .strictObject({
    env: z.strictObject(
      {
        of: processOf.describe(
          'processes: a name, or {process, role, user, unit, args, parent, exe, port, pidfile}',
        ),
        key: z
          .string()
          .regex(/^[^=\s]+$/, 'expected the name of a variable')
          .describe('name of the variable'),
      },
      mapWanted('{of: uwsgi, key: DATABASE_URL}'),
    ),
    value: value().describe(
      'the value in every selected process; what may be secret by its name or its looks is shown by its length only',
    ),
    each: value().describe('the same as value'),
    set: z.boolean().optional().describe('whether every selected process has it; default: true'),
    url: z
      .strictObject({
        scheme: value(),
        host: value(),
        port: matcher(portNumber).optional(),
        user: value(),
        db: value(),
        password: value(),
      })
      .refine((url) => Object.keys(url).length > 0, 'give scheme, host, port, user, db or password')
      .optional()
      .describe('parts of the value as a URL, percent-decoded'),
    source: z
      .enum(['live', 'exec', 'unit', 'any'])
      .optional()
      .describe(
        "live (default): what libc's getenv sees now; exec: the block at start; unit: the loaded unit; any: live, else exec",
      ),
    changedSinceExec: z
      .boolean()
      .optional()
      .describe(
        'whether the live value is another than the one the process was started with (putenv, unsetenv)',
      ),
    unitValue: value().describe("the value in the loaded unit's Environment="),
    startedAfter: path.optional().describe('file; each process must have been started after its last change'),
  })
  .superRefine((spec, context) => {
    const wants = (['value', 'each', 'url'] as const).find((key) => key in spec);
    if (spec.set === false && wants) {
      context.addIssue({
        code: 'custom',
        path: [wants],
        message: `a variable that must not be set has no '${wants}'`,
      });
    }
    if ('value' in spec && 'each' in spec) {
      context.addIssue({
        code: 'custom',
        path: ['each'],
        message: "'each' and 'value' mean the same: give one",
      });
    }
  });

export type EnvSpec = z.infer<typeof envSpec>;
