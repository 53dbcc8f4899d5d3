import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateImageCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  type Image,
} from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../src/core/action-context.ts';
import { digestOf } from '../../src/core/digest.ts';
import type { CreateRequest, MachineSnapshot, SnapshotSubject } from '../../src/core/driver.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { Connection } from '../../src/core/transport.ts';
import type { Ec2Config } from './config.ts';
import { awsCode, isNotFound } from './errors.ts';
import { chooseImage } from './image.ts';
import type { Ec2Machine } from './record.ts';
import { type Session, sessionFor } from './session.ts';
import { isOwn, specifications, tagFilters, tagsFor } from './tags.ts';
import { seconds } from './wait.ts';

type Context = ActionContext<Ec2Config>;

/** An image of a big disk takes long. */
const TIMEOUT_MS = 3_600_000;
const MAX_NAME = 128;

/** What decides what a new machine is like; not what it costs, and how long and from where it is used. */
export async function snapshotInputs(
  host: PluginHost,
  ctx: Context,
  request: CreateRequest,
): Promise<string> {
  const session = await sessionFor(host, ctx.config);
  const image = await chooseImage(session, ctx, request);
  const {
    expiresMs: _,
    prices: __,
    maxInstances: ___,
    tags: ____,
    concurrency: _____,
    ...config
  } = ctx.config;
  const facts = [session.region, session.profile, session.endpoint, image.id, config];
  return digestOf(facts);
}

/**
 * An AMI of the machine, which goes on: what is in memory is written to its disks first. A name that is there already is
 * the same image, from a request whose answer was lost.
 */
export async function takeSnapshot(
  host: PluginHost,
  ctx: Context,
  machine: Ec2Machine,
  { instance, key }: SnapshotSubject,
  record: (name: string) => Promise<void>,
  connect: () => Promise<Connection>,
): Promise<MachineSnapshot> {
  const { config, ownership, signal } = ctx;
  const session = await sessionFor(host, config, machine);
  const name = `galley/${ownership.project}/${instance}-${key.slice(0, 12)}-${ownership.runId}`
    .replaceAll(/[^A-Za-z0-9()[\] ./\-'@_]+/g, '-')
    .slice(-MAX_NAME);
  await record(name);
  const onProgress = (text: string): void =>
    ctx.emit({ type: 'progress', instance: ctx.instance.name, text });
  onProgress(`taking an image for what starts from ${instance}`);
  await (await connect()).execute(['sync'], { signal, timeoutMs: 300_000 });
  const tags = tagsFor({ ownership, instance, kind: 'snapshot', own: config.tags });
  const isDuplicate = (error: unknown): boolean => awsCode(error) === 'InvalidAMIName.Duplicate';
  let id: string | undefined;
  try {
    const made = await session.ask(
      'CreateImage',
      `take an image of ${machine.instanceId}`,
      (ec2) =>
        ec2.send(
          new CreateImageCommand({
            InstanceId: machine.instanceId,
            Name: name,
            NoReboot: true,
            TagSpecifications: specifications(tags, ['image', 'snapshot']),
          }),
        ),
      isDuplicate,
    );
    id = made.ImageId;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    id = (await ownImages(session, [{ Name: 'name', Values: [name] }]))[0]?.ImageId;
  }
  if (id === undefined) throw new Error(`CreateImage gave no image for ${name}`);
  ctx.emit({ type: 'made', instance: ctx.instance.name, kind: 'image', name });
  await untilAvailable(session, ctx, id, onProgress);
  return { name, id };
}

async function untilAvailable(
  session: Session,
  ctx: Context,
  id: string,
  onProgress: (text: string) => void,
): Promise<void> {
  const started = Date.now();
  for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
    const [image] = await ownImages(session, [{ Name: 'image-id', Values: [id] }]);
    if (image?.State === 'available') return;
    const waited = Date.now() - started;
    const hasFailed = image !== undefined && image.State !== 'pending';
    if (hasFailed || waited > TIMEOUT_MS) {
      throw new GalleyError({
        code: 'ec2.image_failed',
        kind: 'infrastructure',
        message: `the image ${id} is ${image?.State ?? 'not there'} after ${seconds(waited)}`,
        details: [image?.StateReason?.Message ?? ''].filter(Boolean),
        hint: `galley destroy ${ctx.instance.name} removes it; run the command again`,
      });
    }
    onProgress(`waiting for the image ${id} (${image?.State ?? 'not visible yet'}, ${seconds(waited)})`);
    await sleep(pause, undefined, { signal: ctx.signal });
  }
}

export async function snapshotExists(
  host: PluginHost,
  ctx: Context,
  snapshot: MachineSnapshot,
): Promise<boolean> {
  const session = await sessionFor(host, ctx.config);
  const [image] = await ownImages(session, [{ Name: 'image-id', Values: [snapshot.id] }]);
  return image?.State === 'available';
}

/** Machines that were made from an image do not need it any longer. */
export async function removeSnapshots(
  host: PluginHost,
  ctx: Context,
  instance: string,
  keep: MachineSnapshot | undefined,
): Promise<void> {
  const session = await sessionFor(host, ctx.config);
  const { project } = ctx.ownership;
  for (const image of await ownImages(session, tagFilters({ project, instance }))) {
    if (image.ImageId === undefined || image.ImageId === keep?.id) continue;
    if (!isOwn(image.Tags, ctx.ownership, instance)) continue;
    await removeImage(session, image);
    const name = image.Name ?? image.ImageId;
    ctx.emit({ type: 'removed', instance: ctx.instance.name, kind: 'image', name });
  }
}

async function removeImage(session: Session, { ImageId, BlockDeviceMappings = [] }: Image): Promise<void> {
  const unlessGone = async (operation: string, send: () => Promise<unknown>): Promise<void> => {
    try {
      await session.ask(operation, `remove the image ${ImageId}`, send, isNotFound);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };
  await unlessGone('DeregisterImage', () => session.ec2.send(new DeregisterImageCommand({ ImageId })));
  for (const { Ebs } of BlockDeviceMappings) {
    if (Ebs?.SnapshotId === undefined) continue;
    await unlessGone('DeleteSnapshot', () =>
      session.ec2.send(new DeleteSnapshotCommand({ SnapshotId: Ebs.SnapshotId })),
    );
  }
}

async function ownImages(
  session: Session,
  Filters: { Name: string; Values: string[] }[],
): Promise<readonly Image[]> {
  const { Images = [] } = await session.ask('DescribeImages', 'look at images of ours', (ec2) =>
    ec2.send(new DescribeImagesCommand({ Owners: ['self'], Filters })),
  );
  return Images;
}
