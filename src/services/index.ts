import type { PluginHost } from '../core/plugin-host.ts';
import type { ServiceHost } from '../core/service-host.ts';

/** Companion services as containers beside a machine, on its network. They live until `destroy`. */
export function createServices(host: PluginHost): ServiceHost {
  return {
    async start(ctx, network, services, known, record, openAt) {
      const { startServices } = await import('./start.ts');
      return startServices(host, ctx, network, services, known, record, openAt);
    },
    async stopped(ctx, states) {
      const { stoppedServices } = await import('./stopped.ts');
      return stoppedServices(host, ctx, states);
    },
    async published(ctx, state) {
      const { publishedPorts } = await import('./published.ts');
      return publishedPorts(host, ctx, state);
    },
    look: (ctx, state) => {
      const opened = import('./look.ts').then(({ lookInto }) => lookInto(host, ctx, state));
      return {
        execute: async (argv, options) => (await opened).execute(argv, options),
        facts: async () => (await opened).facts(),
        log: async (since) => (await opened).log(since),
      };
    },
    async destroy(ctx, states) {
      const { destroyServices } = await import('./destroy.ts');
      return destroyServices(host, ctx, states);
    },
  };
}
