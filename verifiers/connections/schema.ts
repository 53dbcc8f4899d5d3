import { z } from 'zod';
import { mapWanted } from '../../src/checks/map-wanted.ts';
import { matcher } from '../../src/checks/matcher-schema.ts';
import { count } from '../../src/checks/numbers.ts';
import { processOf } from '../../src/checks/probe/process-selector.ts';
import { TCP_STATES } from '../../src/checks/probe/socket-rows.ts';
import { parseTarget } from './target.ts';

export const connectionsSpec = z.strictObject({
  connections: z.strictObject(
    {
      of: processOf.describe(
        'processes: a name, or {process, role, user, unit, args, parent, exe, port, pidfile}',
      ),
    },
    mapWanted('{of: uwsgi}'),
  ),
  to: z
    .union([z.int().min(1).max(65_535).transform(String), z.string()])
    .refine(
      (text) => text.includes('${') || parseTarget(text) !== undefined,
      'expected host:port, a port, or the path of a unix socket',
    )
    .optional()
    .describe(
      'remote end: host:port (the host as the instance resolves it), port, or the path of a unix socket; default: any TCP',
    ),
  count: matcher(count).optional().describe('number of connections of these processes'),
  state: matcher(z.array(z.enum(TCP_STATES)))
    .optional()
    .describe('their TCP states, e.g. established, close-wait'),
  sharedBetweenProcesses: z
    .union([z.boolean(), matcher(count)])
    .optional()
    .describe(
      'number of connections that two or more of the processes hold at once, or whether there are any; default: 0',
    ),
});

export type ConnectionsSpec = z.infer<typeof connectionsSpec>;
