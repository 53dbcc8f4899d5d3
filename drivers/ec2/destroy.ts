import type { Instance } from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { LABEL } from '../../src/docker/labels.ts';
import { freePlace } from './budget.ts';
import type { Ec2Config } from './config.ts';
import { assertSameAccount } from './owner.ts';
import type { Ec2Machine } from './record.ts';
import { leaveHost } from './release-host.ts';
import { isRunId } from './run-folder.ts';
import { leaveRun, runName } from './run-resources.ts';
import { describe, LIVE, type Session, sessionFor } from './session.ts';
import { isOwn, runIdIn, tagFilters, tagMap, tagValue } from './tags.ts';
import { untilSeen } from './until-seen.ts';
import { seconds } from './wait.ts';

type Context = ActionContext<Ec2Config>;

/**
 * Terminates what is recorded, what carries a recorded client token, and what carries the instance's tags; then key and
 * security group when the instance was the last of its run, and the dedicated host that it was on. Succeeds when everything is gone already.
 */
export async function destroyMachine(
  host: PluginHost,
  ctx: Context,
  made: Partial<Ec2Machine>,
): Promise<void> {
  const place = made.region === undefined ? undefined : { ...made, region: made.region };
  const session = await sessionFor(host, ctx.config, place);
  const found = await machinesOf(session, ctx, made);
  const ids = [...new Set(found.map((one) => one.id))];
  await Promise.all(
    ids.map(async (id) => {
      if ((await session.terminate(id)) === 'unknown') await assertSameAccount(session, made);
      ctx.emit({ type: 'removed', instance: ctx.instance.name, kind: 'machine', name: id });
    }),
  );
  freePlace(ctx);
  const runIds = [...found.map((one) => one.runId), made.runId];
  const runs = new Set(runIds.filter((one): one is string => one !== undefined && isRunId(one)));
  for (const runId of runs) {
    const own = runId === made.runId ? made : undefined;
    await leaveRun(
      session,
      ctx,
      {
        runId,
        // Of a lost state nobody knows what was made: to delete what is not there does no harm.
        hasOwnKey: own?.hasOwnKey ?? true,
        hasOwnGroup: own?.hasOwnGroup ?? true,
        groupId: own?.groupId,
      },
      () => hasOthers(session, ctx, runId, ids),
      () => allTerminated(session, ctx, ids),
    );
  }
  const on = ctx.config.dedicatedHost ? found.flatMap((one) => one.hostId ?? []) : [];
  await leaveHost(session, ctx, made, { on, ended: ids }, () => allTerminated(session, ctx, ids));
}

interface Found {
  readonly id: string;
  readonly runId: string | undefined;
  readonly hostId?: string | undefined;
}

async function machinesOf(
  session: Session,
  ctx: Context,
  made: Partial<Ec2Machine>,
): Promise<readonly Found[]> {
  if (made.instanceId !== undefined) return [{ id: made.instanceId, runId: made.runId }];
  const byTag = async (): Promise<readonly Instance[]> => {
    const all = (await session.ofProject.ask(ctx.ownership.project)) ?? [];
    const own = all.filter((one) => isOwn(one.Tags, ctx.ownership, ctx.instance.name));
    tellOthers(
      ctx,
      all.filter((one) => !own.includes(one)),
    );
    return own;
  };
  const { tokens = [], launchedAt = 0 } = made;
  // Without a token no machine was asked for by this record; older ones show by their tags.
  if (tokens.length === 0) return (await byTag()).map(foundOf);
  const found = await untilSeen(
    ctx,
    launchedAt,
    (waitedMs) => `waiting whether a machine shows up that was asked for ${seconds(waitedMs)} ago`,
    async () => {
      const named = await describe(session, `look for the machine of ${ctx.instance.name}`, [
        { Name: 'client-token', Values: tokens },
      ]);
      // Also one that has ended since says that the wait is over.
      return named.length > 0 ? named : undefined;
    },
  );
  const live = (found ?? []).filter((one) => LIVE.includes(one.State?.Name ?? ''));
  return [...live, ...(await byTag())].map(foundOf);
}

/** Another machine of a CI service has the same kitchen at the same path. */
function tellOthers({ instance, emit }: Context, machines: readonly Instance[]): void {
  for (const { InstanceId, Tags } of machines) {
    const labels = tagMap(Tags);
    if (labels[LABEL.instance] !== tagValue(instance.name)) continue;
    const owner = labels[LABEL.owner] ?? 'nobody';
    const message = `${InstanceId} has the tags of this instance, but its owner is ${owner}: it is left`;
    emit({ type: 'notice', instance: instance.name, level: 'info', message });
  }
}

function foundOf({ InstanceId = '', Tags, Placement }: Instance): Found {
  return { id: InstanceId, runId: runIdIn(Tags), hostId: Placement?.HostId };
}

async function hasOthers(
  session: Session,
  ctx: Context,
  run: string,
  own: readonly string[],
): Promise<boolean> {
  const others = await describe(
    session,
    `look for other machines of ${runName(ctx.ownership.project, run)}`,
    [
      ...tagFilters({ project: ctx.ownership.project, run }),
      { Name: 'instance-state-name', Values: LIVE.filter((state) => state !== 'shutting-down') },
    ],
  );
  return others.some((one) => !own.includes(one.InstanceId ?? ''));
}

/** A security group can be deleted when no machine uses it any more, not while they are shutting down. */
async function allTerminated(session: Session, ctx: Context, ids: readonly string[]): Promise<void> {
  const started = Date.now();
  for (let pause = 1000; ; pause = Math.min(pause * 1.5, 5000)) {
    const states = await Promise.all(ids.map((id) => session.look.ask(id, pause)));
    const alive = states.filter((one) => one !== undefined && one.State?.Name !== 'terminated');
    if (alive.length === 0) return;
    const waited = Date.now() - started;
    if (waited > ctx.config.waitMs) {
      throw new GalleyError({
        code: 'ec2.not_terminated',
        kind: 'infrastructure',
        message: `${alive.map((one) => one?.InstanceId).join(', ')} did not end within ${seconds(waited)}`,
        hint: `galley destroy ${ctx.instance.name} tries again; the machine costs nothing while it is shutting down`,
      });
    }
    ctx.signal.throwIfAborted();
    const text = `waiting until the machine is terminated (${seconds(waited)})`;
    ctx.emit({ type: 'progress', instance: ctx.instance.name, text });
  }
}
