import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../src/core/action-context.ts';
import { limiter } from '../../src/core/limiter.ts';
import { resourceName } from '../../src/docker/resource-name.ts';
import type { Account } from './account.ts';
import type { Ec2Config } from './config.ts';
import { deleteKey, importKey, makeKey } from './key-pair.ts';
import { type RunFolder, runFolder } from './run-folder.ts';
import { deleteGroup, makeGroup, openPorts } from './security-group.ts';

type Context = Pick<
  ActionContext<Ec2Config>,
  'root' | 'ownership' | 'instance' | 'config' | 'signal' | 'emit'
>;

/** Key and security group of one run, in this process. */
interface Shared {
  readonly folder: RunFolder;
  /** Holding and releasing take turns: what is being removed is not taken hold of. */
  readonly inTurn: ReturnType<typeof limiter>;
  key: Promise<void> | undefined;
  readonly groups: Map<string, Promise<string>>;
}

const runs = new Map<string, Shared>();

function sharedOf(root: string, runId: string): Shared {
  const id = `${root}\n${runId}`;
  const known = runs.get(id);
  if (known) return known;
  const shared = { folder: runFolder(root, runId), inTurn: limiter(1), key: undefined, groups: new Map() };
  runs.set(id, shared);
  return shared;
}

/** Name of the key pair and of the security group of a run. */
export function runName(project: string, runId: string): string {
  return resourceName(project, runId);
}

/** Must be awaited before anything is made for the instance. */
export async function holdRun(ctx: Context): Promise<void> {
  const { folder, inTurn } = sharedOf(ctx.root, ctx.ownership.runId);
  await inTurn(() => folder.hold(ctx.instance.name));
}

/** The run's key in the account, made once. Gives its name and where the private half is. */
export async function runKey(
  account: Account,
  ctx: Context,
): Promise<{ readonly name: string; readonly file: string }> {
  const { ownership, config } = ctx;
  const shared = sharedOf(ctx.root, ownership.runId);
  const name = runName(ownership.project, ownership.runId);
  shared.key ??= importKey(account, shared.folder, name, config.keyType, {
    ownership,
    instance: undefined,
    own: config.tags,
  })
    .then(() => ctx.emit({ type: 'made', kind: 'key pair', name }))
    .catch((error: unknown) => {
      shared.key = undefined;
      throw error;
    });
  await shared.key;
  return { name, file: shared.folder.keyFile };
}

/** The run's key on this side alone, for what lets it in without a key pair of the account. Gives its file. */
export async function runKeyFile({ root, ownership, config }: Context): Promise<string> {
  const { folder } = sharedOf(root, ownership.runId);
  await makeKey(folder, runName(ownership.project, ownership.runId), config.keyType);
  return folder.keyFile;
}

/** The run's security group in a VPC, made once; open for the callers at the ports. Gives its id. */
export async function runGroup(
  account: Account,
  ctx: Context,
  vpcId: string | undefined,
  open: { readonly ports: readonly number[]; readonly cidrs: readonly string[] },
): Promise<string> {
  const { ownership, config } = ctx;
  const { groups } = sharedOf(ctx.root, ownership.runId);
  const name = runName(ownership.project, ownership.runId);
  const once = (key: string, make: () => Promise<string>): Promise<string> => {
    const work = groups.get(key) ?? make();
    groups.set(key, work);
    work.catch(() => groups.delete(key));
    return work;
  };
  const tags = { ownership, instance: undefined, own: config.tags };
  const groupId = await once(`${vpcId}`, async () => {
    const id = await makeGroup(account, name, vpcId, tags);
    ctx.emit({ type: 'made', kind: 'security group', name });
    return id;
  });
  if (open.ports.length === 0) return groupId;
  await once(JSON.stringify([vpcId, open]), async () => {
    await openPorts(account, groupId, open.ports, open.cidrs);
    return groupId;
  });
  return groupId;
}

export interface RunLeavings {
  readonly runId: string;
  readonly hasOwnKey: boolean;
  readonly hasOwnGroup: boolean;
  readonly groupId: string | undefined;
}

/**
 * Removes key and group when the instance was the last of its run. `othersLive` is asked only when the run left no
 * trace on this machine; `gone` resolves when the instance holds its group no longer.
 */
export async function leaveRun(
  account: Account,
  ctx: Context,
  left: RunLeavings,
  othersLive: () => Promise<boolean>,
  gone: () => Promise<void>,
): Promise<void> {
  const shared = sharedOf(ctx.root, left.runId);
  await shared.inTurn(async () => {
    const held = await shared.folder.release(ctx.instance.name);
    if (held === 'held' || (held === 'unknown' && (await othersLive()))) return;
    const name = runName(ctx.ownership.project, left.runId);
    try {
      if (left.hasOwnKey) {
        await deleteKey(account, name);
        ctx.emit({ type: 'removed', kind: 'key pair', name });
      }
      if (left.hasOwnGroup) {
        await gone();
        const ids = left.groupId === undefined ? await groupsNamed(account, name) : [left.groupId];
        for (const id of ids) {
          await deleteGroup(account, id, Date.now() + ctx.config.waitMs, ctx.signal);
          ctx.emit({ type: 'removed', kind: 'security group', name });
        }
      }
    } catch (error) {
      // Somebody must come back for what is left.
      await shared.folder.hold(ctx.instance.name);
      throw error;
    }
    await shared.folder.remove();
    shared.key = undefined;
    shared.groups.clear();
  });
}

async function groupsNamed(account: Account, name: string): Promise<readonly string[]> {
  const found = await account.ask('DescribeSecurityGroups', 'look for the security group of the run', (ec2) =>
    ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: [name] }] })),
  );
  return (found.SecurityGroups ?? []).flatMap((one) => one.GroupId ?? []);
}
