import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as sdk from '@aws-sdk/client-ec2';
import tap from 'tap';
import type { Connection } from '../../src/core/transport.ts';
import { createSshTransport } from '../../src/transports/ssh/index.ts';
import { testContext } from '../../test/contract/context.ts';
import { ec2Lab } from '../../test/ec2-lab.ts';
import { until } from '../../test/live-instance.ts';
import { createEc2Driver } from './index.ts';
import type { Ec2Machine } from './record.ts';

// Logins without a key pair, and ways to a machine that no address leads to.
const run = promisify(execFile);
/** Within which a busy machine logs in. */
const KEY_MS = 15_000;
const lab = await ec2Lab(tap, 'galley-test-ways', { keyMs: KEY_MS });
const { control, left, operations, request, root } = lab;
// Stands for the AWS command line and its plugin: it notes its words and leads to the machine's port.
const bin = join(root, 'bin');
const said = join(root, 'aws-words');
await mkdir(bin);
await writeFile(
  join(bin, 'aws'),
  `#!/bin/sh
echo "$@" >> ${said}
exec ${process.execPath} -e 'const s = require("net").connect(22, require("fs").readFileSync("${join(root, 'at')}", "utf8")); s.once("error", (e) => { console.error("TargetNotConnected", e.code); process.exit(254); }); process.stdin.pipe(s).pipe(process.stdout)'
`,
  { mode: 0o755 },
);
const host = { ...lab.host, env: { ...process.env, HOME: root, PATH: `${bin}:${process.env['PATH']}` } };
const driver = createEc2Driver(host);
const transport = createSshTransport(host);

interface Way {
  readonly machine: Ec2Machine;
  readonly context: ReturnType<typeof contextOf>;
  readonly connect: (settings?: object) => Promise<Connection>;
}

const contextOf = (instance: string, settings: object) =>
  testContext(driver.config.parse(settings), {
    project: 'galley-test-ways',
    instance,
    root,
    runId: instance,
  });

async function made(instance: string, settings: object): Promise<Way> {
  const context = contextOf(instance, settings);
  const machine = await driver.create(context, request, async () => undefined);
  await writeFile(join(root, 'at'), (await privateIpOf(machine)) ?? '');
  const learnt = { ...machine, ...(await driver.waitUntilReady(context, machine)) };
  return {
    machine: learnt,
    context,
    connect: async (ssh = {}) => {
      const config = transport.config.parse({ agent: false, ...ssh });
      const connection = await transport.connect(
        { ...context, config },
        driver.endpoint(learnt, transport.endpoints, context.config),
      );
      return connection;
    },
  };
}

const privateIpOf = async ({ instanceId }: Ec2Machine) =>
  (await control.instances()).find((one) => one.id === instanceId)?.privateIp;

await tap.test(
  'EC2 Instance Connect: a key lets in for a moment, and is sent before each login',
  async (t) => {
    const way = await made('admitted', { use_instance_connect: true });
    const { machine } = way;
    t.match(machine, { hasOwnKey: false, instanceConnect: true });
    t.equal(machine.keyName, undefined);
    t.notOk((await operations()).includes('ImportKeyPair'), 'no key pair in the account');
    const words = ['-i', machine.keyFile ?? '', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'];
    const ssh = () =>
      run('ssh', [...words, '-o', 'UserKnownHostsFile=/dev/null', `admin@${machine.host}`, 'id -un']);
    await t.rejects(ssh(), { message: /Permission denied/ }, 'it does not let in by itself');
    {
      await using connection = await way.connect();
      await connection.waitUntilReady?.();
      t.match(await connection.execute(['id', '-un']), { stdout: 'root\n' });
      await connection.admit?.();
      t.match(await ssh(), { stdout: 'admin\n' }, 'programs beside us are let in before they begin');
      await until('the key has run out', async () => {
        const error = await ssh().then(
          () => undefined,
          (thrown: Error) => thrown,
        );
        return error?.message.includes('Permission denied') ?? false;
      });
      t.match(
        await connection.execute(['id', '-un']),
        { stdout: 'root\n' },
        'the connection outlives the key',
      );
    }
    await using again = await way.connect();
    t.match(await again.execute(['id', '-un']), { stdout: 'root\n' });
    t.equal((await operations()).filter((one) => one === 'SendSSHPublicKey').length, 3);
    await t.test('what can go wrong', async (t) => {
      await using other = await way.connect({
        username: 'nobody-here',
        auth_retries: 0,
        connection_retries: 0,
      });
      await t.rejects(other.execute(['true']), {
        code: 'ssh.auth_failed',
        message: /though EC2 Instance Connect took the key/,
        hint: /package ec2-instance-connect/,
      });
      await control.setFaults({ kind: 'unauthorized', operation: 'SendSSHPublicKey' });
      await using refused = await way.connect();
      await t.rejects(refused.execute(['true']), {
        code: 'ec2.unauthorised',
        hint: /ec2-instance-connect:SendSSHPublicKey/,
      });
      await control.setFaults();
    });
    await driver.destroy(way.context, machine);
    await using late = await way.connect({ connection_retries: 0, connection_timeout: 1 });
    await t.rejects(late.execute(['true']), 'and then nothing is there');
    t.notOk(existsSync(machine.keyFile ?? ''), 'the key goes with the run');
    t.same(await left(), []);
  },
);

await tap.test('a machine without a public address, through an Instance Connect endpoint', async (t) => {
  const way = await made('tunnel', {
    use_instance_connect: true,
    instance_connect_endpoint_id: 'eice-0123456789abcdef0',
    instance_connect_max_tunnel_duration: 600,
    associate_public_ip: false,
  });
  const { machine } = way;
  t.match(machine, { isDirect: false });
  await using connection = await way.connect();
  await connection.waitUntilReady?.();
  t.match(await connection.execute(['hostname', '-I']), { stdout: new RegExp(`^${machine.host}`) });
  t.match(
    await readFile(said, 'utf8'),
    `ec2-instance-connect open-tunnel --instance-id ${machine.instanceId} --instance-connect-endpoint-id eice-0123456789abcdef0 --max-tunnel-duration 600 --remote-port 22 --region eu-central-1\n`,
  );
  const opened = (await control.calls()).filter((one) => one.operation === 'AuthorizeSecurityGroupIngress');
  t.match(JSON.stringify(opened.at(-1)?.parameters), /172\.31\.0\.0\/16/, 'the endpoint comes from the VPC');
  await driver.destroy(way.context, machine);
});

await tap.test('the endpoint of the VPC is found where no public address leads there', async (t) => {
  const settings = { use_instance_connect: true, associate_public_ip: false };
  const cloud = new sdk.EC2Client({});
  const { Subnets = [] } = await cloud.send(new sdk.DescribeSubnetsCommand({}));
  const none = await driver.create(contextOf('no-endpoint', settings), request, async () => undefined);
  t.equal(none.tunnel, undefined, 'there is none yet');
  await driver.destroy(contextOf('no-endpoint', settings), none);
  const subnetId = Subnets.find((one) => one.DefaultForAz)?.SubnetId;
  const { InstanceConnectEndpoint: endpoint } = await cloud.send(
    new sdk.CreateInstanceConnectEndpointCommand({ SubnetId: subnetId }),
  );
  await rm(said, { force: true });
  await control.clearCalls();
  const way = await made('found', settings);
  await using connection = await way.connect();
  await connection.waitUntilReady?.();
  t.match(await connection.execute(['id', '-un']), { stdout: 'root\n' });
  t.match(
    await readFile(said, 'utf8'),
    `--instance-connect-endpoint-id ${endpoint?.InstanceConnectEndpointId} --max-tunnel-duration 3600 `,
  );
  const opened = (await control.calls()).filter((one) => one.operation === 'AuthorizeSecurityGroupIngress');
  t.match(JSON.stringify(opened.at(-1)?.parameters), /172\.31\.0\.0\/16/);
  await control.setFaults({ kind: 'unauthorized', operation: 'DescribeInstanceConnectEndpoints' });
  t.match(
    await driver.find({ ...way.context, once: (_key, make) => make() }),
    { instanceId: way.machine.instanceId, tunnel: undefined },
    'who may not look has none',
  );
  await control.setFaults();
  await driver.destroy(way.context, way.machine);
});

await tap.test('ssh through a session of SSM: the group lets nobody in', async (t) => {
  await control.clearCalls();
  await rm(said, { force: true });
  const way = await made('session', { use_ssm_session_manager: true });
  const { machine } = way;
  t.notOk((await operations()).includes('AuthorizeSecurityGroupIngress'));
  await using connection = await way.connect();
  await connection.waitUntilReady?.();
  t.match(await connection.execute(['id', '-un']), { stdout: 'root\n' });
  t.match(
    await readFile(said, 'utf8'),
    `ssm start-session --target ${machine.instanceId} --document-name AWS-StartSSHSession --parameters portNumber=22 --region eu-central-1\n`,
  );
  await driver.destroy(way.context, machine);
  t.same(await left(), []);
});
