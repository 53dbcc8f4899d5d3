import { DescribeInstancesCommand, type Instance, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { LABEL } from '../../src/docker/labels.ts';
import { type Account, openAccount } from './account.ts';
import { type Batch, createBatch } from './batch.ts';
import type { Ec2Config } from './config.ts';
import { isNotFound } from './errors.ts';
import { type Place, placeOf } from './place.ts';
import { tagMap } from './tags.ts';

/** All but `terminated`: those stay visible for an hour. */
export const LIVE = ['pending', 'running', 'stopping', 'stopped', 'shutting-down'];

/** More values than this in one filter are refused. */
const MAX_FILTER_VALUES = 200;

/** An instance, and the account that it is in. */
export type FoundInstance = Instance & { readonly OwnerId?: string };

/** One account with what all machines in it share: their state is asked for together. */
export interface Session extends Account {
  /** The instance as it is; undefined when AWS does not (yet, any more) know it. */
  readonly look: Batch<FoundInstance>;
  /** Asks for the end of a machine; `unknown`: AWS does not know it. What is refused for one stops no others. */
  terminate(id: string): Promise<'asked' | 'unknown'>;
  /** Live machines of a project, by their tags. */
  readonly ofProject: Batch<readonly FoundInstance[]>;
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
  const ends = createBatch((ids) => terminateAll(account, ids), MAX_FILTER_VALUES);
  return {
    ...account,
    async terminate(id) {
      const outcome = await ends.ask(id);
      if (outcome instanceof Error) throw outcome;
      return outcome ?? 'unknown';
    },
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
  };
}

/** All instances that pass the filters, page by page. */
export async function describe(
  account: Account,
  doing: string,
  filters: { Name: string; Values: string[] }[],
): Promise<readonly FoundInstance[]> {
  const found: FoundInstance[] = [];
  let NextToken: string | undefined;
  do {
    const input = { Filters: filters, MaxResults: 1000, ...(NextToken !== undefined && { NextToken }) };
    const page = await account.ask('DescribeInstances', doing, (ec2) =>
      ec2.send(new DescribeInstancesCommand(input)),
    );
    for (const { OwnerId, Instances = [] } of page.Reservations ?? [])
      found.push(...Instances.map((one) => ({ ...one, ...(OwnerId !== undefined && { OwnerId }) })));
    NextToken = page.NextToken || undefined;
  } while (NextToken !== undefined);
  return found;
}

type End = 'asked' | 'unknown' | Error;

/** What AWS refuses for one machine: not known any more, protected, not allowed by a policy about its tags, no id at all. */
const OF_ONE = /^ec2\.(?:unauthorised|failed|refused)$/;

/** One machine that is refused makes the request an error for all: then one by one. */
async function terminateAll(account: Account, ids: readonly string[]): Promise<ReadonlyMap<string, End>> {
  const all = (outcome: End) => new Map(ids.map((id) => [id, outcome]));
  try {
    await account.ask(
      'TerminateInstances',
      `terminate ${ids.length === 1 ? ids[0] : `${ids.length} machines`}`,
      (ec2) => ec2.send(new TerminateInstancesCommand({ InstanceIds: [...ids] })),
      isNotFound,
    );
    return all('asked');
  } catch (error) {
    const isOfOne = isNotFound(error) || (error instanceof GalleyError && OF_ONE.test(error.code));
    if (!isOfOne) throw error;
    if (ids.length === 1) return all(isNotFound(error) ? 'unknown' : (error as Error));
    const each = await Promise.all(ids.map((id) => terminateAll(account, [id])));
    return new Map(each.flatMap((one) => [...one]));
  }
}
