import { existsSync } from 'node:fs';
import { CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import tap from 'tap';
import type { Fault } from '../../fixtures/ec2/faults/fault.ts';
import { testContext } from '../../test/contract/context.ts';
import { ec2Lab } from '../../test/ec2-lab.ts';
import { createEc2Driver } from './index.ts';
import type { Ec2Machine } from './record.ts';

// What EC2 does at a bad moment, on instances without machines: each fault occurs, the driver copes or says what is wrong,
// and nothing is left.
const { control, host, left, operations, request, root } = await ec2Lab(tap, 'galley-test-ec2-faults', {
  machines: 'none',
});
const account = new EC2Client({});
/** With connections of its own (they go by the host given): one that was throttled goes on slowly for a while. */
const freshDriver = () => createEc2Driver({ ...host });
const driver = freshDriver();
let runs = 0;

/** A context of a run of its own: what is made for one is not taken by the next. */
function context(settings: object = {}) {
  runs += 1;
  // Its id is no name of a host, so nothing is ever connected to.
  const config = driver.config.parse({ interface: 'id', retryable_tries: 4, ...settings });
  return testContext(config, { project: 'galley-test-ec2-faults', root, runId: `f${runs}` });
}

const failure = (work: Promise<unknown>) => work.catch((error: unknown) => error);

/** Creates and destroys with faults; gives the machine and what there was to say. */
async function lifeWith(faults: readonly Fault[], settings: object = {}) {
  const ctx = context(settings);
  const fresh = freshDriver();
  await control.clearCalls();
  await control.setFaults(...faults);
  const machine = await fresh.create(ctx, request, async () => undefined);
  await fresh.destroy(ctx, machine);
  const rest = await control.faults();
  await control.setFaults();
  const said = ctx.events.flatMap((one) => (one.type === 'progress' ? [one.text] : [])).join('\n');
  return { machine, said, rest };
}

await tap.test('an answer that is lost makes nothing twice, whatever it was about', async (t) => {
  const before = (await control.instances()).length;
  const creating = ['ImportKeyPair', 'CreateSecurityGroup', 'AuthorizeSecurityGroupIngress', 'RunInstances'];
  const removing = ['TerminateInstances', 'DeleteKeyPair', 'DeleteSecurityGroup'];
  const all = [...creating, ...removing];
  const { rest } = await lifeWith(
    all.map((operation) => ({ kind: 'lost-response', operation, times: 1 }) as const),
  );
  t.same(rest, [], 'all of them were lost');
  t.equal((await control.instances()).length - before, 1);
  const calls = await operations();
  for (const one of all) t.equal(calls.filter((operation) => operation === one).length, 2, one);
  t.same(await left(), []);
});

await tap.test('what takes its time is waited for, and said', async (t) => {
  const cases: readonly (readonly [Fault, RegExp])[] = [
    [{ kind: 'not-visible', calls: 2, ms: 2000 }, /waiting for i-\w+ to run \(not visible yet, \d+ s\)/],
    [{ kind: 'slow-pending', ms: 3000 }, /waiting for i-\w+ to run \(pending, \d+ s\)/],
    [{ kind: 'slow-termination', ms: 3000 }, /waiting until the machine is terminated \(\d+ s\)/],
    [{ kind: 'throttled', operation: 'RunInstances', times: 2 }, /asking for t3\.micro/],
    [
      { kind: 'error', operation: 'DeleteSecurityGroup', code: 'DependencyViolation', times: 2 },
      /asking for t3\.micro/,
    ],
  ];
  for (const [fault, expected] of cases) {
    const { said, rest } = await lifeWith([{ times: 1, ...fault }]);
    t.match(said, expected, fault.kind);
    t.same(rest, [], `${fault.kind} has happened`);
    t.same(await left(), [], fault.kind);
  }
});

await tap.test('a clock that is an hour off is made up for', async (t) => {
  await lifeWith([{ kind: 'clock-skew', ms: 3_600_000 }]);
  const refused = (await control.calls()).filter((one) => one.error === 'RequestExpired');
  t.not(refused.length, 0, 'the first signatures were refused');
  t.same(await left(), []);
  // With one try only there is no second one with the right time.
  await control.setFaults({ kind: 'clock-skew', ms: 7_200_000 });
  const create = freshDriver().create(context({ retry_limit: 0 }), request, async () => undefined);
  t.match(await failure(create), { code: 'ec2.clock_skew', kind: 'infrastructure', hint: /timedatectl/ });
  await control.setFaults();
  t.same(await left(), []);
});

await tap.test('what is refused has a code of its own, is infrastructure, and leaves nothing', async (t) => {
  type Case = readonly [readonly Fault[], object, string, RegExp];
  const denied = (operation: string): readonly Fault[] => [{ kind: 'unauthorized', operation }];
  const cases: readonly Case[] = [
    [denied('RunInstances'), {}, 'unauthorised', /user\/galley may not ec2:RunInstances/],
    [denied('ImportKeyPair'), {}, 'unauthorised', /may not ec2:ImportKeyPair/],
    [denied('CreateSecurityGroup'), {}, 'unauthorised', /may not ec2:CreateSecurityGroup/],
    [[{ kind: 'expired-token' }], {}, 'expired_token', /session that is over/],
    [[{ kind: 'auth-failure' }], {}, 'bad_credentials', /does not accept/],
    [[{ kind: 'no-default-vpc' }], {}, 'no_default_vpc', /no default VPC in eu-central-1/],
    [[{ kind: 'quota' }], {}, 'quota', /may not have more machines/],
    [[{ kind: 'no-capacity' }], {}, 'no_capacity', /no such machine to give/],
    [[], { image_id: 'ami-0123456789abcdef0' }, 'unknown_image', /no image ami-0123456789abcdef0/],
    [[], { aws_ssh_key_id: 'nobody' }, 'unknown_key_pair', /no key pair nobody/],
    [[], { security_group_ids: ['sg-00000000'] }, 'unknown_security_group', /sg-00000000/],
    [[], { subnet_id: 'subnet-00000000' }, 'unknown_subnet', /subnet-00000000/],
    [[], { region: 'eu-cantral-1' }, 'bad_credentials', /in eu-cantral-1/],
    [
      [{ kind: 'throttled', operation: 'DescribeImages' }],
      { retry_limit: 1 },
      'throttled',
      /refuses further requests/,
    ],
  ];
  const seen = new Set<string>();
  for (const [faults, settings, code, message] of cases) {
    await control.setFaults(...faults);
    const error = await failure(freshDriver().create(context(settings), request, async () => undefined));
    await control.setFaults();
    t.match(error, { code: `ec2.${code}`, kind: 'infrastructure', message, hint: /./ }, code);
    seen.add((error as Error).message);
    t.same(await left(), [], `${code}: nothing is left`);
  }
  t.equal(seen.size, cases.length, 'no two of them say the same');
});

await tap.test('a session that ends in between leaves what its record and its tags lead to', async (t) => {
  const ctx = context();
  let made: Partial<Ec2Machine> = {};
  await control.setFaults({ kind: 'slow-pending', ms: 60_000 });
  await control.clearCalls();
  const creating = failure(
    driver.create(ctx, request, async (more) => {
      made = { ...made, ...more };
    }),
  );
  await control.called('RunInstances');
  await control.setFaults({ kind: 'expired-token' });
  t.match(await creating, { code: 'ec2.expired_token' });
  const warning = ctx.events.findLast((one) => one.type === 'notice');
  t.match(warning, { level: 'warning', message: /could not be removed yet.*galley destroy .* tries again/ });
  await control.setFaults();
  t.equal((await left()).length, 4, 'machine, volume, key pair and group are there');
  await driver.destroy(ctx, made);
  t.same(await left(), []);
});

await tap.test('a machine that others end while it is waited for', async (t) => {
  const spot = { spot_price: 'on-demand', spot_wait: 0 };
  const cases = [
    ['terminate', {}, 'ended_by_other', /is shutting-down|is terminated/],
    ['interrupt', spot, 'spot_interrupted', /Spot instance termination/],
  ] as const;
  for (const [what, settings, code, message] of cases) {
    await control.setFaults({ kind: 'slow-pending', ms: 60_000 });
    await control.clearCalls();
    const creating = failure(driver.create(context(settings), request, async () => undefined));
    await control.called('RunInstances');
    await control.happen((await control.instances()).at(-1)?.id ?? '', what);
    t.match(await creating, { code: `ec2.${code}`, kind: 'infrastructure', message }, what);
    await control.setFaults();
    t.same(await left(), [], what);
  }
});

await tap.test('a machine that was ended, or has another address, is seen as such', async (t) => {
  const ctx = context({ interface: 'private' });
  const machine = await driver.create(ctx, request, async () => undefined);
  t.equal(await driver.status(ctx, machine), 'running');
  await control.happen(machine.instanceId, 'restart');
  const now = await driver.refresh?.(ctx, machine);
  t.not(now?.host, machine.host);
  t.match(
    ctx.events.findLast((one) => one.type === 'notice'),
    {
      message: `its address is now ${now?.host}, it was ${machine.host}`,
    },
  );
  t.equal(await driver.ending?.(ctx, machine), undefined, 'it runs');
  await control.happen(machine.instanceId, 'terminate');
  t.equal(await driver.status(ctx, machine), 'gone');
  t.match(await driver.ending?.(ctx, machine), { code: 'ec2.ended_by_other', kind: 'infrastructure' });
  await driver.destroy(ctx, machine);
  t.same(await left(), []);
});

await tap.test(
  'with a lost state only what is certainly ours goes, and no tag leads out of the folder',
  async (t) => {
    const [ctx, next] = [context(), context()];
    const odd = { ...next, instance: { ...next.instance, name: "it's odd" } };
    const machine = await driver.create(ctx, request, async () => undefined);
    const stranger = { ...ctx, ownership: { ...ctx.ownership, owner: 'another@host' } };
    await driver.destroy(stranger, {});
    t.equal(
      await driver.status(ctx, machine),
      'running',
      'another owner has the same kitchen at the same path',
    );
    t.match(
      ctx.events.findLast((one) => one.type === 'notice')?.message,
      /its owner is test@localhost: it is left/,
    );
    t.equal(await driver.find(stranger), undefined);
    const other = await driver.create(odd, request, async () => undefined);
    for (const [id, run] of [
      [machine.instanceId, '../../../..'],
      [other.instanceId, ''],
    ] as const)
      await account.send(
        new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'galley.run', Value: run }] }),
      );
    t.equal(await driver.find(ctx), undefined, 'what has no run is nobody’s');
    await driver.destroy(ctx, {});
    await driver.destroy(odd, {});
    t.equal(await driver.status(ctx, machine), 'gone');
    t.equal(await driver.status(ctx, other), 'gone', 'a name that a tag cannot hold as it is');
    for (const one of [machine, other])
      t.ok(existsSync(one.keyFile ?? ''), 'folders of other runs are there');
    await driver.destroy(ctx, machine);
    await driver.destroy(odd, other);
    t.same(await left(), []);
  },
);

await tap.test(
  'a machine of another account is not gone, and one that is refused stops no others',
  async (t) => {
    const ctx = context();
    const machine = await driver.create(ctx, request, async () => undefined);
    t.match(machine.account, /^\d{12}$/);
    const elsewhere = { ...machine, instanceId: 'i-0123456789abcdef0', account: '999999999999' };
    const expected = {
      code: 'ec2.other_account',
      kind: 'infrastructure',
      message: /in the account 999999999999/,
    };
    t.match(await failure(driver.destroy(ctx, elsewhere)), expected);
    t.match(await failure(driver.status(ctx, elsewhere)), expected);
    const broken = { instanceId: 'i-nothing', runId: machine.runId, region: machine.region };
    const [bad, good] = await Promise.allSettled([
      driver.destroy(context(), { ...machine, ...broken, hasOwnKey: false, hasOwnGroup: false }),
      driver.destroy(ctx, machine),
    ]);
    t.equal(good.status, 'fulfilled', 'asked for together with one that is no id');
    t.match(bad, { status: 'rejected', reason: { kind: 'infrastructure' } });
    t.same(await left(), []);
  },
);

await tap.test('checks that say impaired end the waiting, when they are waited for', async (t) => {
  await control.setFaults({ kind: 'impaired', times: 1 });
  const ctx = context({ status_checks: true });
  const machine = await driver.create(ctx, request, async () => undefined);
  const error = await failure(driver.waitUntilReady(ctx, machine));
  t.match(error, {
    code: 'ec2.status_checks',
    kind: 'infrastructure',
    message: /system ok, instance impaired/,
  });
  await driver.destroy(ctx, machine);
  t.same(await left(), []);
});
