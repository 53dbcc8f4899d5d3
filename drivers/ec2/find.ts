import { existsSync } from 'node:fs';
import type { ActionContext } from '../../src/core/action-context.ts';
import type { MachineStatus } from '../../src/core/driver.ts';
import { GalleyError, hasCode } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { addressOf, isReachable } from './address.ts';
import type { Ec2Config } from './config.ts';
import { wayTo } from './connect-endpoint.ts';
import { assertSameAccount } from './owner.ts';
import { parsePlatform } from './platform.ts';
import type { Ec2Machine } from './record.ts';
import { runFolder } from './run-folder.ts';
import { runKeyFile, runName } from './run-resources.ts';
import { sessionFor } from './session.ts';
import { isOwn, runIdIn } from './tags.ts';
import { assertLives } from './wait.ts';

type Context = ActionContext<Ec2Config>;

const STATUS: Readonly<Record<string, MachineStatus>> = {
  pending: 'running',
  running: 'running',
  stopping: 'stopped',
  stopped: 'stopped',
  'shutting-down': 'gone',
  terminated: 'gone',
};

const TOGETHER_MS = 500;

/** `unknown` when AWS cannot be reached. */
export async function machineStatus(
  host: PluginHost,
  ctx: Context,
  machine: Ec2Machine,
): Promise<MachineStatus> {
  try {
    const session = await sessionFor(host, ctx.config, machine);
    const instance = await session.look.ask(machine.instanceId);
    if (!instance) await assertSameAccount(session, machine);
    return instance ? (STATUS[instance.State?.Name ?? ''] ?? 'unknown') : 'gone';
  } catch (error) {
    if (hasCode(error, 'ec2.unreachable')) return 'unknown';
    throw error;
  }
}

/** The reason that AWS gives for the end of a machine, with the end of its console. */
export async function endingOf(
  host: PluginHost,
  ctx: Context,
  machine: Ec2Machine,
): Promise<GalleyError | undefined> {
  const session = await sessionFor(host, ctx.config, machine);
  // Many may ask again and again: they are answered together.
  const instance = await session.look.ask(machine.instanceId, TOGETHER_MS);
  if (!instance) return undefined;
  try {
    await assertLives(session, instance, ctx.instance.name);
    return undefined;
  } catch (error) {
    if (error instanceof GalleyError) return error;
    throw error;
  }
}

/** The machine with the address that it has now: a public one changes with each stop and start. */
export async function refreshed(host: PluginHost, ctx: Context, machine: Ec2Machine): Promise<Ec2Machine> {
  const session = await sessionFor(host, ctx.config, machine);
  const instance = await session.look.ask(machine.instanceId);
  const address = instance && addressOf(instance, machine.interface);
  if (!instance || address === undefined || address === machine.host) return machine;
  const message = `its address is now ${address}, it was ${machine.host}`;
  ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'info', message });
  return {
    ...machine,
    host: address,
    isDirect: machine.tunnel === undefined && isReachable(instance, address),
  };
}

/** The running machine with the instance's tags. Its key must still be here. */
export async function findMachine(host: PluginHost, ctx: Context): Promise<Ec2Machine | undefined> {
  const session = await sessionFor(host, ctx.config);
  const { config, instance } = ctx;
  const all = (await session.ofProject.ask(ctx.ownership.project)) ?? [];
  const found = all.find(
    (one) => one.State?.Name === 'running' && isOwn(one.Tags, ctx.ownership, instance.name),
  );
  const address = found && addressOf(found, config.interface);
  const runId = runIdIn(found?.Tags);
  if (!found?.InstanceId || address === undefined || runId === undefined) return undefined;
  const name = runName(ctx.ownership.project, runId);
  const hasOwnKey = found.KeyName === name;
  const ownGroup = found.SecurityGroups?.find((one) => one.GroupName === name);
  const { keyFile } = runFolder(ctx.root, runId);
  const isAdmitted = config.instanceConnect !== undefined;
  // Nobody could log in any more; a key that is let in each time can be made anew.
  if (hasOwnKey && !existsSync(keyFile)) return undefined;
  if (isAdmitted) await runKeyFile({ ...ctx, ownership: { ...ctx.ownership, runId } });
  const tunnel = await wayTo(session, ctx, found, address, ownGroup?.GroupId);
  const platform = parsePlatform(instance.platform);
  return {
    region: session.region,
    ...(session.profile !== undefined && { profile: session.profile }),
    ...(session.endpoint !== undefined && { endpoint: session.endpoint }),
    runId,
    instanceId: found.InstanceId,
    ...(found.OwnerId !== undefined && { account: found.OwnerId }),
    imageId: found.ImageId ?? '',
    instanceType: found.InstanceType ?? '',
    market: found.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
    ...(found.KeyName !== undefined && { keyName: found.KeyName }),
    hasOwnKey,
    hasOwnGroup: ownGroup !== undefined,
    ...(ownGroup?.GroupId !== undefined && { groupId: ownGroup.GroupId }),
    ...((hasOwnKey || isAdmitted) && { keyFile }),
    ...(isAdmitted && { instanceConnect: true }),
    ...(tunnel !== undefined && { tunnel }),
    ...(config.dedicatedHost && found.Placement?.HostId !== undefined && { hostId: found.Placement.HostId }),
    user: platform?.family.user(platform.version) ?? 'ec2-user',
    host: address,
    port: config.sshPort,
    isDirect: tunnel === undefined && isReachable(found, address),
    ...(config.interface && { interface: config.interface }),
  };
}
