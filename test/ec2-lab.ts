import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { controlOf } from '../fixtures/ec2/control-client.ts';
import { type EndpointOptions, startEndpoint } from '../fixtures/ec2/endpoint.ts';
import { host } from './host.ts';

/** A local EC2 with an account of its own, until the tests end; `name` begins the names of all it makes. */
export async function ec2Endpoint(
  t: Pick<Test, 'teardown'>,
  name: string,
  options: Omit<Partial<EndpointOptions>, 'name'> = {},
) {
  const endpoint = await startEndpoint({ ...host, name: `${name}-${process.pid}`, ...options });
  t.teardown(() => endpoint.close());
  const control = controlOf(endpoint.url);
  return {
    endpoint,
    control,
    /** What was asked of AWS since the start or the last `clearCalls`. */
    operations: async () => (await control.calls()).map((one) => one.operation),
    /** The ids of all that is in the account. */
    left: async () => Object.values(await control.left()).flat(),
  };
}

/** An EC2 for parts that run in this process, whose AWS clients look there from now on, with a folder for their run. */
export async function ec2Lab(
  t: Pick<Test, 'teardown'>,
  name: string,
  options: Omit<Partial<EndpointOptions>, 'name'> = {},
) {
  const root = await mkdtemp(join(tmpdir(), `${name}-`));
  t.teardown(() => rm(root, { recursive: true }));
  const lab = await ec2Endpoint(t, name, { pendingMs: 0, ...options });
  // The SDK looks for credentials in the environment of the process.
  Object.assign(process.env, lab.endpoint.env);
  return { ...lab, root, host, request: { needsClient: false, hostPorts: [] } };
}
