import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AttachNetworkInterfaceCommand, type Instance } from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../src/core/action-context.ts';
import { allDone } from '../../src/core/all-done.ts';
import type { CreateRequest } from '../../src/core/driver.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { unlessAborted } from '../../src/core/unless-aborted.ts';
import { addressOf, isReachable } from './address.ts';
import { takePlace } from './budget.ts';
import type { Ec2Config } from './config.ts';
import { wayTo } from './connect-endpoint.ts';
import { placeOnHost } from './dedicated-host.ts';
import { destroyMachine } from './destroy.ts';
import { chooseImage } from './image.ts';
import { plannedImage } from './image-words.ts';
import { launch } from './launch.ts';
import { networkFor } from './network.ts';
import type { Ec2Machine } from './record.ts';
import { planLaunch } from './request.ts';
import { holdRun, runKey, runKeyFile } from './run-resources.ts';
import { type Session, sessionFor } from './session.ts';
import { tagsFor } from './tags.ts';
import { MAX_USER_DATA, planUserData } from './user-data.ts';
import { waitFor } from './wait.ts';

type Context = ActionContext<Ec2Config>;
type Note = (made: Partial<Ec2Machine>) => Promise<void>;

/** Gets a machine that runs and has an address. What a failed create made is removed again. */
export async function createMachine(
  host: PluginHost,
  ctx: Context,
  request: CreateRequest,
  record: Note,
): Promise<Ec2Machine> {
  const { config, instance, ownership } = ctx;
  ctx.signal.throwIfAborted();
  plannedImage(instance.platform, config);
  const userData = await userDataOf(ctx);
  const session = await sessionFor(host, config);
  await unlessAborted(takePlace(session, ctx), ctx.signal);
  const keyName = config.keyName ?? (host.env['AWS_SSH_KEY_ID'] || undefined);
  const known = {
    region: session.region,
    ...(session.profile !== undefined && { profile: session.profile }),
    ...(session.endpoint !== undefined && { endpoint: session.endpoint }),
    runId: ownership.runId,
    hasOwnKey: wantsKeyPair(config, request, keyName),
    hasOwnGroup: !config.securityGroupIds && !config.securityGroupFilters,
  };
  let made: Partial<Ec2Machine> = {};
  const note: Note = (more) => {
    made = { ...made, ...more };
    return record(more);
  };
  await note({ ...known, tokens: [], launchedAt: Date.now() });
  await holdRun(ctx);
  try {
    return await make(session, ctx, request, userData, keyName, note, () => made);
  } catch (error) {
    // Not with the signal of an aborted run: what was made must go all the same.
    const cleanup = { ...ctx, signal: new AbortController().signal };
    await destroyMachine(host, cleanup, made).then(
      // Nothing leads there any more; the next run may go to another account or endpoint.
      () => record(NOTHING),
      (left: Error) =>
        ctx.emit({
          type: 'notice',
          instance: instance.name,
          level: 'warning',
          message: `what was made could not be removed yet: ${left.message}; galley destroy ${instance.name} tries again`,
        }),
    );
    throw error;
  }
}

/** What a record says when all of it is gone: the next command finds nothing to remove. */
const NOTHING = {
  region: undefined,
  profile: undefined,
  endpoint: undefined,
  runId: undefined,
  hasOwnKey: undefined,
  hasOwnGroup: undefined,
  tokens: undefined,
  launchedAt: undefined,
  instanceId: undefined,
  account: undefined,
  groupId: undefined,
  hostToken: undefined,
  hostId: undefined,
  keyName: undefined,
} as unknown as Partial<Ec2Machine>;

async function make(
  session: Session,
  ctx: Context,
  request: CreateRequest,
  ownData: string | Buffer | undefined,
  keyName: string | undefined,
  note: Note,
  made: () => Partial<Ec2Machine>,
): Promise<Ec2Machine> {
  const { config, instance, ownership, signal } = ctx;
  const onProgress = (text: string): void => ctx.emit({ type: 'progress', instance: instance.name, text });
  // First what may not be there: then nothing has to be removed again.
  const image = await unlessAborted(chooseImage(session, ctx, request), signal);
  const isClosed = isViaSsm(request) || config.sessionManager !== undefined;
  const isAdmitted = config.instanceConnect !== undefined && !isViaSsm(request);
  const [network, key, keyFile] = await allDone([
    networkFor(session, ctx, isClosed ? undefined : request.hostPorts),
    wantsKeyPair(config, request, keyName) ? runKey(session, ctx) : undefined,
    isAdmitted ? runKeyFile(ctx) : undefined,
  ]);
  const expires =
    config.expiresMs === undefined
      ? ownership.expires
      : new Date(Date.now() + config.expiresMs).toISOString();
  const userData = planUserData(ownData, endsAt(config, expires), image.hasCloudInit);
  if (userData.bytes > MAX_USER_DATA) throw tooMuchUserData(userData.bytes);
  if (userData.reason !== undefined) {
    const message = `the machine will not end itself when its time is over: ${userData.reason}`;
    ctx.emit({ type: 'notice', instance: instance.name, level: 'warning', message });
  }
  const name = keyName === '_disable' ? undefined : (keyName ?? key?.name);
  const place = config.dedicatedHost && (await placeOnHost(session, ctx, image.types, note));
  const ways = planLaunch(config, {
    region: session.region,
    imageId: image.id,
    types: place ? [place.type] : image.types,
    hostId: place?.hostId,
    keyName: name,
    groupIds: network.groupIds,
    subnetId: network.subnetId,
    userData: userData.encoded,
    tags: tagsFor({
      ownership: { ...ownership, expires },
      instance: instance.name,
      kind: 'instance',
      own: config.tags,
    }),
  });
  await note({ ...(network.ownGroup !== undefined && { groupId: network.ownGroup }) });
  const launched = await launch(session, ways, {
    instance: instance.name,
    spotWaitMs: config.spot?.waitMs ?? 0,
    signal,
    newToken: () => `galley-${randomUUID()}`,
    record: (token) => note({ tokens: [...(made().tokens ?? []), token], launchedAt: Date.now() }),
    forget: (token) => note({ tokens: (made().tokens ?? []).filter((one) => one !== token) }),
    onProgress,
  });
  const instanceId = launched.instance.InstanceId ?? '';
  const { account } = launched;
  await note({ instanceId, ...(account !== undefined && { account }) });
  ctx.emit({ type: 'made', instance: instance.name, kind: 'machine', name: instanceId });
  const options = { instance: instance.name, timeoutMs: config.waitMs, signal, onProgress };
  const running = await waitFor(session, instanceId, options, 'to run', (one) => {
    const address = addressOf(one, config.interface);
    return one.State?.Name === 'running' && address !== undefined ? { one, address } : undefined;
  });
  await attachInterface(session, ctx, running.one);
  const tunnel = isViaSsm(request)
    ? undefined
    : await wayTo(session, ctx, running.one, running.address, network.ownGroup);
  const file = key?.file ?? keyFile;
  return {
    region: session.region,
    ...(session.profile !== undefined && { profile: session.profile }),
    ...(session.endpoint !== undefined && { endpoint: session.endpoint }),
    runId: ownership.runId,
    hasOwnKey: key !== undefined,
    hasOwnGroup: network.ownGroup !== undefined,
    ...(network.ownGroup !== undefined && { groupId: network.ownGroup }),
    ...(place && { hostId: place.hostId, keepsHost: config.dedicatedHost?.isKept }),
    instanceId,
    ...(account !== undefined && { account }),
    imageId: image.id,
    instanceType: launched.type,
    market: launched.market,
    ...(name !== undefined && { keyName: name }),
    ...(file !== undefined && { keyFile: file }),
    user: image.user,
    host: running.address,
    port: config.sshPort,
    isDirect: tunnel === undefined && isReachable(running.one, running.address),
    ...(tunnel !== undefined && { tunnel }),
    ...(isAdmitted && { instanceConnect: true }),
    ...(config.interface && { interface: config.interface }),
    ...(isViaSsm(request) && { viaSsm: true }),
  };
}

/** Whether the transport goes through Systems Manager, which needs neither a key nor an open port. */
function isViaSsm({ reachedBy = ['ssh'] }: CreateRequest): boolean {
  return reachedBy.includes('ssm') && !reachedBy.includes('ssh');
}

function wantsKeyPair({ instanceConnect }: Ec2Config, request: CreateRequest, named?: string): boolean {
  return named === undefined && instanceConnect === undefined && !isViaSsm(request);
}

/** A machine that stops instead would cost on after its time. */
function endsAt({ shutdown }: Ec2Config, expires: string): number | undefined {
  return shutdown === 'terminate' ? Date.parse(expires) : undefined;
}

/** A second interface of the user's own, as kitchen-ec2 attaches it. */
async function attachInterface(session: Session, ctx: Context, { InstanceId }: Instance): Promise<void> {
  const { networkInterfaceId } = ctx.config;
  if (networkInterfaceId === undefined) return;
  await session.ask('AttachNetworkInterface', `attach ${networkInterfaceId}`, (ec2) =>
    ec2.send(
      new AttachNetworkInterfaceCommand({
        DeviceIndex: 1,
        InstanceId,
        NetworkInterfaceId: networkInterfaceId,
      }),
    ),
  );
}

/** The text itself, or what is in the file that it names. */
async function userDataOf({ config, root }: Context): Promise<string | Buffer | undefined> {
  const { userData } = config;
  if (userData === undefined || userData.includes('\n') || userData.startsWith('#')) return userData;
  const path = resolve(root, userData);
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return readFile(path);
  throw new GalleyError({
    code: 'ec2.no_user_data',
    kind: 'config',
    message: `user_data names a file that does not exist: ${userData}`,
    got: path,
    hint: 'write the name of a file, or a script that begins with #! or #cloud-config',
  });
}

function tooMuchUserData(bytes: number): GalleyError {
  return new GalleyError({
    code: 'ec2.user_data_too_long',
    kind: 'config',
    message: `user_data is ${bytes} bytes long`,
    expected: `at most ${MAX_USER_DATA}`,
    hint: 'let it fetch the rest, or do that work in the cookbook',
  });
}
