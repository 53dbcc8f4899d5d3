import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { ActionContext } from '../../src/core/action-context.ts';
import { recordedClient } from '../../src/core/client-install.ts';
import type { Driver } from '../../src/core/driver.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { Connection } from '../../src/core/transport.ts';
import { ProxyConfig, ProxyMachine } from './config.ts';

/** Machines that somebody else made and that stay: reached by ssh, reset by a command of the user's. */
export function createProxyDriver(host: PluginHost): Driver<ProxyConfig, ProxyMachine> {
  return {
    name: 'proxy',
    aliases: [],
    transport: 'ssh',
    config: ProxyConfig,
    machine: ProxyMachine,
    concurrency: (config) => config.concurrency,
    async create(ctx, _request, record) {
      const machine = machineOf(ctx, host);
      await record(machine);
      return machine;
    },
    waitUntilReady: () => Promise.resolve(),
    async prepare(ctx, machine, connection, request) {
      if (machine.isReset !== true) await reset(ctx, connection);
      if (!request.needsClient) return { isReset: true };
      const { putClient } = await import('../../src/images/put-client.ts');
      return { isReset: true, client: await putClient(connection, ctx.config.client ?? {}, host, ctx) };
    },
    release: (ctx, _machine, connection) => reset(ctx, connection),
    // The machine is not ours: only the record of it goes.
    destroy: () => Promise.resolve(),
    status: () => Promise.resolve('unknown'),
    find: () => Promise.resolve(undefined),
    endpoint: ({ host: address, port, username, keyFile, password }) => ({
      kind: 'ssh',
      host: address,
      port,
      username,
      keyFile,
      password,
    }),
    serviceNetwork: () => undefined,
    client: ({ client }) => recordedClient(client),
    address: () => undefined,
  };
}

function machineOf(
  { config, root, instance }: ActionContext<ProxyConfig>,
  { env }: PluginHost,
): ProxyMachine {
  const { host, port, username, password, ssh_key: key } = config;
  if (host === undefined) throw noHost(instance.name);
  const home = env['HOME'] ?? homedir();
  return {
    host,
    port,
    username,
    ...(password != null && { password }),
    ...(key != null && { keyFile: resolve(root, key.replace(/^~(?=\/)/, home)) }),
  };
}

function noHost(instance: string): GalleyError {
  const error = new GalleyError({
    code: 'proxy.no_host',
    kind: 'config',
    message: `${instance}: the driver proxy does not know its machine`,
    expected: 'driver: {name: proxy, host: ADDRESS}',
    hint: 'write host: under driver:, of the platform when each has its own',
  });
  return Object.assign(error, { settingsPath: [] });
}

const RESET_MS = 600_000;

async function reset({ config, instance, signal, emit }: ActionContext<ProxyConfig>, connection: Connection) {
  const command = config.reset_command;
  if (command == null) return;
  emit({ type: 'progress', instance: instance.name, text: 'resetting the machine' });
  const done = await connection.execute(['/bin/sh', '-c', command], { signal, timeoutMs: RESET_MS });
  if (done.exitCode === 0) return;
  throw new GalleyError({
    code: 'proxy.reset_failed',
    kind: 'infrastructure',
    message: `the reset_command of ${instance.name} ended with exit code ${done.exitCode}`,
    details: `${done.stdout}${done.stderr}`.split('\n').filter(Boolean).slice(-10),
    hint: `galley login ${instance.name} shows what is there`,
  });
}
