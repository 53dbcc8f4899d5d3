import { DescribeInstancesCommand, type Instance, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { LABEL } from '../../src/docker/labels.ts';
import { type Account, openAccount, type Place, placeOf } from './account.ts';
import { type Batch, createBatch } from './batch.ts';
import type { Ec2Config } from './config.ts';
import { isNotFound } from './errors.ts';
import { tagMap } from './tags.ts';

/** All but `terminated`: those stay visible for an hour. */
export const LIVE = ['pending', 'running', 'stopping', 'stopped', 'shutting-down'];

/** More values than this in one filter are refused. */
const MAX_FILTER_VALUES = 200;

/** One account with what all machines in it share: their state is asked for together. */
export interface Session extends Account {
  /** The instance as it is; undefined when AWS does not (yet, any more) know it. */
  readonly look: Batch<Instance>;
  readonly terminate: Batch<true>;
  /** Live machines of a project, by their tags. */
  readonly ofProject: Batch<readonly Instance[]>;
}

const sessions = new WeakMap<PluginHost, Map<string, Promise<Session>>>();

/** The session of a place, by default that of config and environment; opened once in a process. */
export function sessionFor(host: PluginHost, config: Ec2Config, place?: Place): Promise<Session> {
  const wanted = place ?? placeOf(config, host.env);
  const key = JSON.stringify([wanted.region, wanted.profile, wanted.endpoint]);
  const known = sessions.get(host) ?? new Map<string, Promise<Session>>();
  sessions.set(host, known);
  const session =
    known.get(key) ?? openAccount(wanted, config, host.env).then((account) => withBatches(account));
  known.set(key, session);
  return session;
}

function withBatches(account: Account): Session {
  return {
    ...account,
    // By filter: asked by id, one that is not visible yet would make the answer an error for all.
    look: createBatch(async (ids) => {
      const found = await describe(account, 'look at the machines', [
        { Name: 'instance-id', Values: [...ids] },
      ]);
      return new Map(found.map((one) => [one.InstanceId ?? '', one]));
    }, MAX_FILTER_VALUES),
    ofProject: createBatch(async (projects) => {
      const found = await describe(account, 'look for machines of this kitchen', [
        { Name: `tag:${LABEL.project}`, Values: [...projects] },
        { Name: 'instance-state-name', Values: LIVE },
      ]);
      const projectOf = (one: Instance): string | undefined => tagMap(one.Tags)[LABEL.project];
      return new Map(projects.map((name) => [name, found.filter((one) => projectOf(one) === name)]));
    }, MAX_FILTER_VALUES),
    terminate: createBatch(async (ids) => {
      await terminateAll(account, ids);
      return new Map(ids.map((id) => [id, true]));
    }, MAX_FILTER_VALUES),
  };
}

/** All instances that pass the filters, page by page. */
export async function describe(
  account: Account,
  doing: string,
  filters: { Name: string; Values: string[] }[],
): Promise<readonly Instance[]> {
  const found: Instance[] = [];
  let NextToken: string | undefined;
  do {
    const input = { Filters: filters, MaxResults: 1000, ...(NextToken !== undefined && { NextToken }) };
    const page = await account.ask('DescribeInstances', doing, (ec2) =>
      ec2.send(new DescribeInstancesCommand(input)),
    );
    found.push(...(page.Reservations ?? []).flatMap((one) => one.Instances ?? []));
    NextToken = page.NextToken || undefined;
  } while (NextToken !== undefined);
  return found;
}

/** An id that is not known any more makes the request an error for all: then one by one. */
async function terminateAll(account: Account, ids: readonly string[]): Promise<void> {
  try {
    await account.ask(
      'TerminateInstances',
      `terminate ${ids.length === 1 ? ids[0] : `${ids.length} machines`}`,
      (ec2) => ec2.send(new TerminateInstancesCommand({ InstanceIds: [...ids] })),
      isNotFound,
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (ids.length === 1) return;
    for (const id of ids) await terminateAll(account, [id]);
  }
}
