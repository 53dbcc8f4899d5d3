import { recordedClient } from '../../src/core/client-install.ts';
import type { Driver, Snapshots } from '../../src/core/driver.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { platformDoubt } from '../../src/images/platforms.ts';
import { chosenImage } from './chosen-image.ts';
import { DockerConfig } from './config.ts';

import { DockerMachine } from './record.ts';

const BUILT_IN_NETWORKS = ['bridge', 'host', 'none', 'default'];

async function snapshots(host: PluginHost): Promise<Snapshots<DockerConfig, DockerMachine>> {
  const { dockerSnapshots } = await import('./snapshots.ts');
  return dockerSnapshots(host);
}

/** Instances as containers of a Docker engine, local or remote. Serves the configs of kitchen-dokken and kitchen-docker. */
export function createDockerDriver(host: PluginHost): Driver<DockerConfig, DockerMachine> {
  return {
    name: 'docker',
    aliases: ['dokken'],
    transport: 'docker',
    config: DockerConfig,
    machine: DockerMachine,
    image: chosenImage,
    concurrency: (config) => config.concurrency,
    doubt: (instance, config) => (config.image === undefined ? platformDoubt(instance.platform) : undefined),
    async create(ctx, request, record) {
      const { createMachine } = await import('./create.ts');
      return createMachine(host, ctx, request, record);
    },
    async waitUntilReady(ctx, machine) {
      const { waitUntilReady } = await import('./ready.ts');
      return waitUntilReady(host, ctx, machine);
    },
    snapshots: {
      inputs: async (ctx, request) => (await snapshots(host)).inputs(ctx, request),
      take: async (ctx, machine, subject, record, connect) =>
        (await snapshots(host)).take(ctx, machine, subject, record, connect),
      exists: async (ctx, snapshot) => (await snapshots(host)).exists(ctx, snapshot),
      remove: async (ctx, instance, keep) => (await snapshots(host)).remove(ctx, instance, keep),
    },
    async destroy(ctx, made) {
      const { destroyMachine } = await import('./destroy.ts');
      return destroyMachine(host, ctx, made);
    },
    async status(_ctx, machine) {
      const { machineStatus } = await import('./find.ts');
      return machineStatus(host, machine);
    },
    async find(ctx) {
      const { findMachine } = await import('./find.ts');
      return findMachine(host, ctx);
    },
    endpoint: ({ containerId, engine }) => ({ kind: 'docker', containerId, engine }),
    hostsServices: true,
    serviceNetwork({ networkName, engine }) {
      if (networkName.startsWith('container:')) return undefined;
      return BUILT_IN_NETWORKS.includes(networkName)
        ? undefined
        : { kind: 'docker', name: networkName, engine };
    },
    container(ctx, machine) {
      const opened = import('./find.ts').then(({ viewOf }) => viewOf(host, ctx, machine));
      return {
        facts: async () => (await opened).facts(),
        log: async (since) => (await opened).log(since),
      };
    },
    client: ({ client }) => recordedClient(client),
    address: ({ ports }, port) => ports[String(port)],
  };
}
