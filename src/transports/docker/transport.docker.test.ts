import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import tap from 'tap';
import { testContext } from '../../../test/contract/context.ts';
import { transportContract } from '../../../test/contract/transport.contract.ts';
import { until } from '../../../test/live-instance.ts';
import { namesOf, tarOf } from '../../../test/tar.ts';
import { connectEngine } from '../../docker/connect.ts';
import { createDockerTransport } from './index.ts';

const engine = await connectEngine(process.env);
const transport = createDockerTransport({ env: process.env });
const project = `galley-test-transport-${process.pid}`;

/** A container that `capabilities` are added to, removed after the test. */
async function machine(t: { teardown(fn: () => Promise<void>): void }, capabilities: string[] = []) {
  const container = await engine.docker.createContainer({
    name: `${project}-${randomBytes(4).toString('hex')}`,
    Image: 'galley/debian-12',
    Cmd: ['sleep', 'infinity'],
    Labels: { 'galley-test': project },
    HostConfig: { CapAdd: capabilities, Tmpfs: { '/mem': 'rw' }, Init: false },
  });
  t.teardown(async () => {
    await container.remove({ force: true, v: true }).catch(() => undefined);
  });
  await container.start();
  const ctx = testContext({}, { project, instance: 'one' });
  const connection = await transport.connect(ctx, {
    kind: 'docker',
    containerId: container.id,
    engine: engine.address,
  });
  return { container, connection, sh: (script: string) => connection.execute(['sh', '-c', script]) };
}

await tap.test(
  'keeps the contract of transports, on the disk and where only commands see the files',
  async (t) => {
    const { connection } = await machine(t);
    for (const folder of ['/opt/contract', '/tmp/contract']) await transportContract(t, connection, folder);
  },
);

await tap.test('commands', async (t) => {
  const { connection, sh } = await machine(t);
  const env = { GREETING: "it's a $HOME \n day" };
  t.match(await connection.execute(['printenv', 'GREETING'], { env }), {
    stdout: `${env.GREETING}\n`,
    via: 'exec',
  });
  t.match(await sh('echo out; echo err >&2; exit 7'), { exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  t.match(await connection.execute(['id', '-un'], { user: 'www-data', cwd: '/var' }), {
    stdout: 'www-data\n',
  });
  t.match(await connection.execute(['pwd'], { cwd: '/usr/share' }), { stdout: '/usr/share\n' });
  t.match(await connection.execute(['cat'], { stdin: 'from here' }), { stdout: 'from here' });
  t.match(
    await connection.execute(['true'], { stdin: randomBytes(2_000_000) }),
    { exitCode: 0 },
    'input nobody reads',
  );
  t.match(await connection.execute(['no-such-command']), { exitCode: 127, stderr: /not found/ });
  const bytes = await connection.execute(['sh', '-c', 'head -c 20000000 /dev/zero | tr "\\0" x']);
  t.ok(bytes.stdout.startsWith('xxx') && bytes.stdout.length < 17_000_000, 'output is capped');
  t.match(bytes.stdout.slice(-60), /more bytes were not kept/);
  let streamed = 0;
  await connection.execute(['sh', '-c', 'head -c 20000000 /dev/zero'], {
    onOutput: (_, chunk) => (streamed += chunk.length),
  });
  t.equal(streamed, 20_000_000, 'but streamed whole');
  const many = await Promise.all(Array.from({ length: 10 }, (_, at) => sh(`echo ${at}`)));
  t.same(
    many.map((one) => one.stdout.trim()),
    Array.from({ length: 10 }, (_, at) => String(at)),
  );
  const started = performance.now();
  for (let n = 0; n < 10; n += 1) await connection.execute(['true']);
  t.comment(`exec round trip ${Math.round((performance.now() - started) / 10)} ms`);
  const left = await sh('sleep 300 & echo started');
  t.match(left, { exitCode: 0, stdout: 'started\n' });
  t.pass('a daemon that keeps the output open does not hold us');
  await until('it lives on', async () => (await sh('pgrep -fx "sleep 300"')).exitCode === 0);
});

await tap.test('a timeout kills the command with its children', async (t) => {
  const { connection, sh } = await machine(t);
  const script = 'trap "" TERM; setsid sleep 1234 & (sleep 1234; true) & sleep 1234; sleep 1234';
  const run = connection.execute(['sh', '-c', script], { timeoutMs: 500 });
  await t.rejects(run, { code: 'transport.timeout', message: /took longer than 0.5 s/ });
  t.match(await sh('pgrep -x sleep'), { stdout: '1\n' }, 'only process 1 is left');
});

await tap.test('an abort kills the command and throws its reason', async (t) => {
  const { connection, sh } = await machine(t);
  const controller = new AbortController();
  const run = connection.execute(['sleep', '4321'], { signal: controller.signal });
  await sleep(300);
  controller.abort();
  await t.rejects(run, { name: 'AbortError' });
  t.match(await sh('pgrep -x sleep'), { stdout: '1\n' }, 'only process 1 is left');
  await t.rejects(connection.execute(['true'], { signal: controller.signal }), { name: 'AbortError' });

  const early = new AbortController();
  const begun = connection.execute(['sleep', '4321'], { signal: early.signal });
  early.abort(new Error('at once'));
  await t.rejects(begun, { message: 'at once' }, 'before the engine has begun with it');
  t.match(await sh('pgrep -x sleep'), { stdout: '1\n' });
});

await tap.test('a container that goes away is an error, not a wait', async (t) => {
  for (const how of ['kill', 'remove', 'pause'] as const) {
    const { connection, container } = await machine(t);
    const run = connection.execute(['sleep', '600']);
    run.catch(() => undefined);
    await sleep(300);
    if (how === 'remove') await container.remove({ force: true });
    else await container[how]();
    await t.rejects(run, { code: 'docker.container_gone', kind: 'infrastructure' }, how);
    await t.rejects(connection.execute(['true']), { code: 'docker.container_gone' });
    if (how !== 'remove') continue; // The engine reads and writes the files of a stopped container.
    await t.rejects(connection.upload(tarOf({ a: 'a' }), '/opt/x'), { code: 'docker.container_gone' });
  }
});

await tap.test('files', async (t) => {
  const { connection, sh } = await machine(t);
  const big = randomBytes(3_000_000);
  const long = `${'d'.repeat(90)}/${'e'.repeat(90)}/ü.txt`;
  for (const dir of ['/opt/new/deep', '/tmp', '/tmp/new/deep', '/mem/x', '/run/x', '/etc']) {
    const before = (await sh(`stat -c %a ${dir} 2>/dev/null`)).stdout;
    await connection.upload(tarOf({ 'a.txt': 'hello', 'sub/big.bin': big, [long]: 'long' }), dir);
    const look = await sh(
      `stat -c '%a %u %g' ${dir}/a.txt; sha256sum < ${dir}/sub/big.bin; cat '${dir}/${long}'`,
    );
    t.match(look.stdout, `640 33 33\n${createHash('sha256').update(big).digest('hex')}  -\nlong`, dir);
    if (before) t.equal((await sh(`stat -c %a ${dir}`)).stdout, before, `mode of ${dir} is kept`);
    t.same(await connection.readFile(`${dir}/sub/big.bin`), big, `${dir} is read back`);
    t.ok((await namesOf(await connection.download(`${dir}/sub`))).includes('sub/big.bin'));
    await sh(`rm -rf ${dir}/a.txt ${dir}/sub`);
    t.equal(await connection.readFile(`${dir}/a.txt`), undefined);
  }
  await connection.upload(tarOf({}), '/opt/empty/folder');
  t.match(await sh('stat -c %a /opt/empty/folder'), { stdout: '755\n' }, 'an empty tar makes the folder');
  t.match((await connection.readFile('/etc/os-release'))?.toString(), /Debian/, 'links are followed');
});

const SECRET_OF_OTHERS = 'tr "\\0" "\\n" < /proc/$(pgrep -u www-data sleep)/environ | grep SECRET';

await tap.test('looking into processes of others', async (t) => {
  const plain = await machine(t);
  const traced = await machine(t, ['SYS_PTRACE']);
  for (const { connection } of [plain, traced]) {
    await connection.execute(['sh', '-c', 'SECRET=x sleep 777 >/dev/null 2>&1 &'], { user: 'www-data' });
    await until(
      'it sleeps',
      async () => (await connection.execute(['pgrep', '-u', 'www-data', 'sleep'])).exitCode === 0,
    );
  }
  const inspect = (one: typeof plain, inspectProcesses: boolean) =>
    one.connection.execute(['sh', '-c', SECRET_OF_OTHERS], { inspectProcesses });
  t.not((await inspect(plain, false)).exitCode, 0, 'default capabilities do not allow it');
  t.match(await inspect(plain, true), { exitCode: 0, stdout: 'SECRET=x\n', via: 'sidecar' });
  t.match(await inspect(traced, true), { exitCode: 0, stdout: 'SECRET=x\n', via: 'exec' });
  const input = { inspectProcesses: true, stdin: 'cat /proc/1/root/etc/hostname; exit 4' };
  t.match(await plain.connection.execute(['sh'], input), { exitCode: 4, via: 'sidecar' });
  const slow = { inspectProcesses: true, timeoutMs: 800 };
  await t.rejects(plain.connection.execute(['sleep', '99'], slow), { code: 'transport.timeout' });
  const filters = { label: [`galley.project=${project}`] };
  await until(
    'no sidecar is left',
    async () => (await engine.docker.listContainers({ all: true, filters })).length === 0,
  );
});

await tap.test('connecting to what is not there', async (t) => {
  const ctx = testContext({}, { project });
  const endpoint = {
    kind: 'docker',
    containerId: 'galley-test-transport-none',
    engine: engine.address,
  } as const;
  await t.rejects(transport.connect(ctx, endpoint), { code: 'docker.container_gone' });
  const other = { kind: 'ssm', instanceId: 'i-0123456789abcdef0', region: 'eu-central-1' } as const;
  await t.rejects(transport.connect(ctx, other), { code: 'transport.wrong_endpoint' });
});

await tap.test('login', async (t) => {
  const { connection, container } = await machine(t);
  const argv = connection.loginCommand({ tty: true });
  t.match(argv, ['docker', 'exec', '-it', container.id, '/bin/sh', '-c', /bash -l/]);
  const shell = argv.slice(argv.indexOf('/bin/sh'));
  t.match(await connection.execute(shell, { stdin: 'shopt -q login_shell && echo "login $0"' }), {
    stdout: /login .*bash/,
  });
});
