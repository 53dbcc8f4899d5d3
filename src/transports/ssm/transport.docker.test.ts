import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import tap from 'tap';
import { createEc2Driver } from '../../../drivers/ec2/index.ts';
import { testContext } from '../../../test/contract/context.ts';
import { transportContract } from '../../../test/contract/transport.contract.ts';
import { ec2Lab } from '../../../test/ec2-lab.ts';
import { sha256 } from '../../local/local-files.ts';
import { packFiles } from '../../local/tarball.ts';
import { createSsmTransport } from './index.ts';

// Real shells of real machines, through the SSM of the local endpoint.
const { control, host, left, operations, root } = await ec2Lab(tap, 'galley-test-ssm');
const driver = createEc2Driver(host);
const transport = createSsmTransport(host);
const context = (settings: object = {}) =>
  testContext(transport.config.parse(settings), { project: 'galley-test-ssm', instance: 'one', root });
const driverContext = testContext(driver.config.parse({}), {
  project: 'galley-test-ssm',
  instance: 'one',
  root,
});
const machine = await driver.create(
  driverContext,
  { needsClient: false, hostPorts: [8080], reachedBy: ['ssm'] },
  async () => undefined,
);
await driver.waitUntilReady(driverContext, machine);
const connect = (settings: object = {}) =>
  transport.connect(context(settings), driver.endpoint(machine, ['ssm']));
const connection = await connect();
await connection.waitUntilReady?.();

await tap.test('the machine has no key, and its group lets nobody in', async (t) => {
  const calls = await operations();
  t.notOk(calls.includes('ImportKeyPair'));
  t.notOk(calls.includes('AuthorizeSecurityGroupIngress'));
});

await tap.test('keeps the contract of transports', async (t) => {
  await transportContract(t, connection, '/opt/contract');
});

await tap.test('a command: streams, exit code, input, environment, folder, user', async (t) => {
  const seen: string[] = [];
  const result = await connection.execute(
    ['/bin/sh', '-c', 'cat; echo "$A" >&2; pwd; id -un; exit 3', "it's"],
    {
      stdin: 'in\n',
      env: { A: "b 'c' $d" },
      cwd: '/usr',
      onOutput: (stream) => seen.push(stream),
    },
  );
  t.match(result, { exitCode: 3, stdout: 'in\n/usr\nroot\n', stderr: "b 'c' $d\n", via: 'ssm' });
  t.same(new Set(seen), new Set(['stdout', 'stderr']));
  const user = { user: 'nobody', cwd: '/', stdin: 'x'.repeat(100_000) };
  t.match(await connection.execute(['/bin/sh', '-c', 'id -un; wc -c'], user), {
    exitCode: 0,
    stdout: 'nobody\n100000\n',
  });
  t.match(await connection.execute(['id', '-u'], { user: '65534' }), { stdout: '65534\n' });
  t.match(await connection.execute(['id'], { user: 'no-such-user' }), {
    exitCode: 125,
    stderr: 'there is no such user\n',
  });
  t.match(await connection.execute(['/no/such/program']), { exitCode: 127 });
});

await tap.test('ten commands at once, and output while a command still runs', async (t) => {
  const texts = await Promise.all(
    Array.from({ length: 10 }, async (_, at) => (await connection.execute(['echo', `${at}`])).stdout),
  );
  t.same(
    texts,
    Array.from({ length: 10 }, (_, at) => `${at}\n`),
  );
  let told: Promise<unknown> | undefined;
  const { stdout } = await connection.execute(
    ['/bin/sh', '-c', 'echo begun; until [ -e /run/go-on ]; do sleep 0.1; done; echo end'],
    { onOutput: () => void (told ??= connection.execute(['touch', '/run/go-on'])) },
  );
  await told;
  t.equal(stdout, 'begun\nend\n');
});

await tap.test('a command that is too slow or aborted is killed with its children', async (t) => {
  const slow = ['/bin/sh', '-c', 'sleep 86396 & wait'];
  await t.rejects(connection.execute(slow, { timeoutMs: 1500 }), { code: 'transport.timeout' });
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('enough')), 1500);
  await t.rejects(connection.execute(slow, { signal: abort.signal }), { message: 'enough' });
  t.match(await connection.execute(['pgrep', '-f', 'sleep 8639[6]']), { exitCode: 1 });
});

await tap.test('files go there and come back, also long ones, through pages or the bucket', async (t) => {
  const content = Buffer.from(Array.from({ length: 110_000 }, (_, at) => (at * 7919) % 251));
  const file = (path: string, text: string) => ({
    path,
    source: { text },
    mode: 0o640,
    sha256: sha256(text),
  });
  const files = [file('sub/a', 'one'), file('b', content.toString('latin1'))];
  await connection.upload(await packFiles(files), '/opt/new/place');
  t.match(await connection.execute(['stat', '-c', '%a %U %s', '/opt/new/place/sub/a']), {
    stdout: '640 root 3\n',
  });
  const expected = Buffer.from(content.toString('latin1'));
  t.same(await connection.readFile('/opt/new/place/b'), expected, 'in pages');
  const tar = await buffer(await connection.download('/opt/new'));
  t.match(tar.toString('latin1'), /new\/place\/sub\/a\0/);
  const s3 = new S3Client({});
  await s3.send(
    new CreateBucketCommand({
      Bucket: 'galley-test-ssm',
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
    }),
  );
  const told = context({ s3_bucket: 'galley-test-ssm' });
  await using other = await transport.connect(told, driver.endpoint(machine, ['ssm']));
  const before = (await control.calls()).length;
  t.same(await other.readFile('/opt/new/place/b'), expected, 'through the bucket');
  const sent = (await control.calls()).slice(before).filter((one) => one.operation === 'SendCommand');
  t.equal(sent.length, 3, 'start, bucket, and a last look');
  const noise = randomBytes(600_000).toString('base64');
  const long = async () => packFiles([file('long', noise)]);
  await control.clearCalls();
  await other.upload(await long(), '/opt/fetched');
  t.equal((await other.readFile('/opt/fetched/long'))?.toString(), noise);
  const names = await operations();
  t.match(
    names.find((one) => one.includes('X-Amz-Signature')),
    /^GET \/galley-test-ssm\/galley\/[0-9a-f]{24}\?x-id=GetObject&X-Amz-Algorithm=.*X-Amz-Expires=900/,
    'the machine itself fetches it',
  );

  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'galley-test-ssm' }));
  t.same(Contents, [], 'nothing stays in the bucket');
  // A machine without a program that fetches, as slim images are.
  await other.execute(['mv', '/usr/bin/curl', '/usr/bin/curl-away']);
  await other.upload(await long(), '/opt/parts');
  t.equal((await other.readFile('/opt/parts/long'))?.toString(), noise, 'then in parts');
  const warnings = told.events.flatMap((one) => (one.type === 'notice' ? [one.message] : []));
  t.match(
    warnings,
    [/^i-\w+ cannot fetch from s3:\/\/galley-test-ssm, files go in parts: \S+/],
    'which is told once',
  );
  await other.execute(['mv', '/usr/bin/curl-away', '/usr/bin/curl']);
});

await tap.test(
  'without an agent and without rights the messages differ; a lost answer runs nothing twice',
  async (t) => {
    await control.setFaults({ kind: 'lost-response', operation: 'SendCommand', times: 1 });
    await connection.execute(['/bin/sh', '-c', 'echo x >> /var/tmp/count']);
    await control.setFaults();
    t.equal((await connection.readFile('/var/tmp/count'))?.toString(), 'x\n');
    const nobody = await transport.connect(context({ max_wait_until_ready: 1 }), {
      kind: 'ssm',
      instanceId: 'i-0123456789abcdef0',
      region: 'eu-central-1',
    });
    await t.rejects(nobody.waitUntilReady?.() ?? Promise.resolve(), { code: 'ssm.agent_absent' });
    await t.rejects(nobody.execute(['true']), { code: 'ssm.agent_absent', kind: 'infrastructure' });
    t.match(nobody.loginCommand({ tty: true }).join(' '), /^aws ssm start-session --target i-0123/);
  },
);

await tap.test('nothing is left, on the machine or in the account', async (t) => {
  await connection[Symbol.asyncDispose]();
  await using look = await connect();
  const { stdout } = await look.execute(['/bin/sh', '-c', 'ls /var/tmp/.galley-ssm']);
  t.equal(stdout.trim().split('\n').length, 1, 'but the folder of this look');
  await driver.destroy(driverContext, machine);
  t.same(await left(), []);
});
