import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import tap from 'tap';
import { GalleyError } from '../../src/core/errors.ts';
import { createSshTransport } from '../../src/transports/ssh/index.ts';
import { testContext } from '../../test/contract/context.ts';
import { driverContract } from '../../test/contract/driver.contract.ts';
import { ec2Lab } from '../../test/ec2-lab.ts';
import { createEc2Driver } from './index.ts';
import type { Ec2Machine } from './record.ts';

const { control, host, left, request, root } = await ec2Lab(tap, 'galley-test-ec2-driver');
const driver = createEc2Driver(host);
const transport = createSshTransport(host);
const context = (instance: string, settings: object = {}) => {
  const config = { ...transport.config.parse({}), ...driver.config.parse(settings) };
  return testContext(config, { project: 'galley-test-ec2', instance, root });
};

await tap.test('keeps the contract of drivers, and leaves nothing in the account', async (t) => {
  await driverContract(t, {
    driver,
    transport,
    context: (instance) => context(instance) as never,
    standsAlone: true,
  });
  t.same(await left(), []);
});

await tap.test('a machine: who may come in, what it says of itself, gone twice', async (t) => {
  const ctx = context('one');
  let recorded: Partial<Ec2Machine> = {};
  const machine = await driver.create(ctx, request, async (more) => {
    recorded = { ...recorded, ...more };
  });
  const learnt = { ...machine, ...(await driver.waitUntilReady(ctx, machine)) };
  t.match(recorded, { tokens: [/^galley-/], instanceId: machine.instanceId });
  t.equal(statSync(machine.keyFile ?? '').mode & 0o777, 0o600);
  t.ok(learnt.hostKeys?.length, 'host keys are read from the console');
  const calls = await control.calls();
  const opened = calls.filter((one) => one.operation === 'AuthorizeSecurityGroupIngress').at(-1);
  t.match(JSON.stringify(opened?.parameters), /127\.0\.0\.1\/32/);
  t.notMatch(JSON.stringify(opened?.parameters), /0\.0\.0\.0\/0/);
  const launch = calls.filter((one) => one.operation === 'RunInstances').at(-1);
  const asked = JSON.stringify(launch?.parameters);
  for (const word of ['galley.expires', 'galley.run', 'ClientToken', 'HttpTokens']) t.match(asked, word);
  await driver.destroy(ctx, recorded);
  await driver.destroy(ctx, recorded);
  t.same(await left(), [], 'and twice is once');
});

await tap.test('a machine ends itself at its time, beside user data of your own', async (t) => {
  const own = '#!/bin/sh\necho own > /root/own-user-data\n';
  const ctx = context('expires', { user_data: own, expires: '20s' });
  const machine = await driver.create(ctx, request, async () => {});
  let status = await driver.status(ctx, machine);
  while (status === 'running') {
    await sleep(500);
    status = await driver.status(ctx, machine);
  }
  t.match(await driver.ending?.(ctx, machine), {
    code: 'ec2.ended_by_other',
    details: ['reason: Client.InstanceInitiatedShutdown'],
  });
  await driver.destroy(ctx, machine);
  t.same(await left(), []);
});

await tap.test('a machine that ends while it is waited for ends the waiting, with the reason', async (t) => {
  await control.setFaults({ kind: 'terminated-while-pending', reason: 'Server.InternalError' });
  const error = await driver
    .create(context('ends'), request, async () => {})
    .catch((thrown: unknown) => thrown);
  await control.setFaults();
  t.match(error, { code: 'ec2.terminated', kind: 'infrastructure', message: /Server\.InternalError/ });
  t.same(await left(), []);
});

await tap.test('without capacity the next type is tried, then on-demand, then all are named', async (t) => {
  const settings = {
    instance_type: ['t3.micro', 't3a.micro'],
    spot_price: 0.01,
    spot_wait: 0,
    interface: 'id',
  };
  await control.setFaults(
    { kind: 'no-capacity', market: 'spot' },
    { kind: 'no-capacity', instanceType: 't3.micro' },
  );
  const ctx = context('capacity', settings);
  const machine = await driver.create(ctx, request, async () => {});
  t.match(machine, { instanceType: 't3a.micro', market: 'on-demand' });
  await driver.destroy(ctx, machine);
  await control.setFaults({ kind: 'no-capacity' });
  const error = await driver.create(ctx, request, async () => {}).catch((thrown: unknown) => thrown);
  await control.setFaults();
  t.ok(error instanceof GalleyError);
  t.match(error, {
    code: 'ec2.no_capacity',
    details: [/t3.micro \(spot\)/, /./, /./, /t3a.micro \(on-demand\)/],
  });
  t.same(await left(), []);
});

await tap.test('max_instances holds also for machines that are being made', async (t) => {
  const settings = { max_instances: 1, interface: 'id' };
  const ctx = context('first', settings);
  const machine = await driver.create(ctx, request, async () => {});
  await t.rejects(
    driver.create(context('second', settings), request, async () => {}),
    { code: 'ec2.too_many' },
  );
  await driver.destroy(ctx, machine);
});
