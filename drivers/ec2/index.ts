import { recordedClient } from '../../src/core/client-install.ts';
import type { Driver } from '../../src/core/driver.ts';
import type { KeyAdmission } from '../../src/core/endpoint.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { unlessAborted } from '../../src/core/unless-aborted.ts';
import { Ec2Config } from './config.ts';
import { imageDoubt, imageWords, priceOf, unpricedTypes } from './image-words.ts';
import { configAt, placeOf, placeWords } from './place.ts';
import { Ec2Machine } from './record.ts';

/** Instances as machines of Amazon EC2. Serves the configs of kitchen-ec2. */
export function createEc2Driver(host: PluginHost): Driver<Ec2Config, Ec2Machine> {
  return {
    name: 'ec2',
    aliases: [],
    transport: 'ssh',
    isPaid: true,
    config: Ec2Config,
    machine: Ec2Machine,
    image: (instance, config) => imageWords(instance.platform, config),
    doubt: (instance, config) => imageDoubt(instance.platform, config),
    concurrency: (config) => config.concurrency,
    pricePerHour: (instance, config) => priceOf(instance.platform, config),
    unpriced: (instance, config) => unpricedTypes(instance.platform, config),
    async create(ctx, request, record) {
      const { createMachine } = await import('./create.ts');
      return createMachine(host, ctx, request, record);
    },
    async waitUntilReady(ctx, machine) {
      const { waitUntilReady } = await import('./ready.ts');
      return waitUntilReady(host, ctx, machine);
    },
    async prepare(ctx, _machine, connection, request) {
      const { prepareMachine } = await import('./prepare.ts');
      return prepareMachine(host, ctx, connection, request);
    },
    async destroy(ctx, made) {
      const { destroyMachine } = await import('./destroy.ts');
      return unlessAborted(destroyMachine(host, ctx, made), ctx.signal);
    },
    snapshots: {
      async inputs(ctx, request) {
        const { snapshotInputs } = await import('./snapshots.ts');
        return snapshotInputs(host, ctx, request);
      },
      async take(ctx, machine, subject, record, connect) {
        const { takeSnapshot } = await import('./snapshots.ts');
        return takeSnapshot(host, ctx, machine, subject, record, connect);
      },
      async exists(ctx, snapshot) {
        const { snapshotExists } = await import('./snapshots.ts');
        return snapshotExists(host, ctx, snapshot);
      },
      async remove(ctx, instance, keep) {
        const { removeSnapshots } = await import('./snapshots.ts');
        return removeSnapshots(host, ctx, instance, keep);
      },
    },
    leftovers: {
      where: (config) => placeWords(placeOf(config, host.env)),
      configOf: (made) => configAt(made),
      async find(config, project) {
        const { findLeftovers } = await import('./leftovers.ts');
        return findLeftovers(host, config, project);
      },
      async remove(config, doomed, failed, signal) {
        const { removeLeftovers } = await import('./leftovers.ts');
        return removeLeftovers(host, config, doomed, failed, signal);
      },
    },
    async status(ctx, machine) {
      const { machineStatus } = await import('./find.ts');
      return unlessAborted(machineStatus(host, ctx, machine), ctx.signal);
    },
    async ending(ctx, machine) {
      const { endingOf } = await import('./find.ts');
      return unlessAborted(endingOf(host, ctx, machine), ctx.signal);
    },
    async refresh(ctx, machine) {
      const { refreshed } = await import('./find.ts');
      return unlessAborted(refreshed(host, ctx, machine), ctx.signal);
    },
    async find(ctx) {
      const { findMachine } = await import('./find.ts');
      return unlessAborted(findMachine(host, ctx), ctx.signal);
    },
    endpoints: ['ssh', 'ssm'],
    endpoint(machine, kinds, config) {
      if (kinds?.includes('ssm') && !kinds.includes('ssh')) {
        const { instanceId, region, profile, host } = machine;
        return { kind: 'ssm', instanceId, region, host, ...(profile !== undefined && { profile }) };
      }
      return {
        kind: 'ssh',
        host: machine.host,
        port: machine.port,
        username: machine.user,
        ...(machine.hostKeys && { hostKeys: machine.hostKeys }),
        ...(machine.keyFile !== undefined && { keyFile: machine.keyFile }),
        ...(machine.tunnel !== undefined && { proxyCommand: machine.tunnel }),
        ...(machine.instanceConnect && { admission: admissionTo(host, machine, config) }),
      };
    },
    serviceNetwork: () => undefined,
    client: ({ client }) => recordedClient(client),
    // Ports are reached through the connection: the security group lets in nothing but ssh.
    address: () => undefined,
  };
}

/** No key pair is in the account and none on the machine: the key is sent before each login. */
function admissionTo(host: PluginHost, machine: Ec2Machine, config = Ec2Config.parse({})): KeyAdmission {
  return {
    by: 'EC2 Instance Connect',
    hint: 'the image needs the package ec2-instance-connect (Amazon Linux and Ubuntu have it, Debian has not); is the user right (transport: {username: …})?',
    async letIn(line, username) {
      const { sendKey } = await import('./instance-connect.ts');
      await sendKey(host, machine, { line, username }, config);
    },
  };
}
