import { z } from 'zod';
import { mapOf } from '../../src/checks/asserting-maps.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { count } from '../../src/checks/numbers.ts';
import { unitName } from '../../src/checks/unit-name.ts';

/** ActiveState of systemd, see systemctl(1); of runit and init scripts the first two. */
const ACTIVE = [
  'active',
  'inactive',
  'failed',
  'activating',
  'deactivating',
  'reloading',
  'maintenance',
  'refreshing',
] as const;
/** UnitFileState of systemd, see is-enabled in systemctl(1); of runit and init scripts enabled and disabled. */
const ENABLED = [
  'enabled',
  'enabled-runtime',
  'linked',
  'linked-runtime',
  'alias',
  'masked',
  'masked-runtime',
  'static',
  'indirect',
  'disabled',
  'generated',
  'transient',
  'bad',
] as const;

const attributes = {
  active: z
    .union([z.boolean(), matcher(z.enum(ACTIVE))])
    .optional()
    .describe(
      'true, false, or the state: active, failed …; default: true, unless sub, result, mainPid or the properties ActiveState and SubState say otherwise',
    ),
  enabled: z
    .union([z.boolean(), matcher(z.enum(ENABLED))])
    .optional()
    .describe('true, false, or the state: enabled, static …'),
  sub: matcher(z.string()).optional().describe("the manager's finer state: running, exited, dead …"),
  restarts: matcher(count).optional().describe('times the manager had to restart it (systemd)'),
  result: matcher(z.string())
    .optional()
    .describe('how it last ended: success, exit-code, start-limit-hit … (systemd)'),
  mainPid: z.strictObject({ alive: z.boolean() }).optional().describe('whether its main process runs'),
  unitProps: mapOf(
    matcher(z.unknown()),
    z.string().regex(/^[A-Za-z0-9]+$/, 'expected the name of a property, such as Restart'),
  )
    .optional()
    .describe('property as systemctl show prints it, such as Restart or LimitNOFILE → matcher (systemd)'),
  logsClean: z
    .union([z.boolean(), z.enum(['warning', 'err', 'crit'])])
    .optional()
    .describe('nothing of that level or worse in the journal since it was started; true: err (systemd)'),
  needsReload: z.boolean().optional().describe('unit file changed on disk since it was loaded (systemd)'),
};

export const serviceSpec = z
  .strictObject({
    service: unitName().describe("name of the unit, '.service' may be left out"),
    exists: z.boolean().optional().describe('false: the manager must not know it'),
    ...attributes,
  })
  .refine((spec) => spec.exists !== false || Object.keys(attributes).every((key) => !(key in spec)), {
    message: 'a service that must not exist has no other attributes',
    path: ['exists'],
  });

export type ServiceSpec = z.infer<typeof serviceSpec>;
