import { z } from 'zod';
import type { Transport } from '../../core/transport.ts';

const settings = z.strictObject({});

/** Runs commands on this machine, in the kitchen's folder; for drivers whose machine is the caller's own. */
export function createLocalTransport(host: {
  readonly env: Readonly<Record<string, string | undefined>>;
}): Transport<z.output<typeof settings>> {
  return {
    name: 'local',
    aliases: ['exec'],
    endpoints: ['local'],
    config: settings,
    async connect(ctx) {
      const { LocalConnection } = await import('./connection.ts');
      return new LocalConnection(ctx.root, host.env);
    },
  };
}
