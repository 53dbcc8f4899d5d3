import { createHash, randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import tap from 'tap';
import { transportContract } from '../../../test/contract/transport.contract.ts';
import { until } from '../../../test/live-instance.ts';
import { sshLab } from '../../../test/ssh-lab.ts';
import { addLogin } from '../../../test/ssh-machine.ts';
import { namesOf, tarOf } from '../../../test/tar.ts';
import { takeSnapshot } from '../../checks/probe/take-snapshot.ts';
import type { Snapshot } from '../../core/snapshot.ts';

const { machine, key, connect } = await sshLab(tap, 'galley-test-ssh');
await Promise.all([addLogin(machine, 'plain', [key.public]), addLogin(machine, 'root', [key.public])]);
await addLogin(machine, 'asked', [key.public], 'ALL=(ALL) ALL');

/** Whether a command on the machine has become that sleep. */
const sleeps = async (seconds: string): Promise<boolean> =>
  (await machine.sh(`pgrep -fx "sleep ${seconds}" || true`)) !== '';

await tap.test('keeps the contract of transports', async (t) => {
  await using connection = (await connect()).connection;
  await transportContract(t, connection, '/opt/contract');
});

await tap.test('commands run as root through sudo, with their streams apart', async (t) => {
  await using connection = (await connect()).connection;
  const env = { GREETING: "it's a $HOME \n day" };
  t.match(await connection.execute(['printenv', 'GREETING'], { env }), {
    stdout: `${env.GREETING}\n`,
    via: 'sudo',
  });
  t.match(await connection.execute(['sh', '-c', 'id -u; echo err >&2; exit 7']), {
    exitCode: 7,
    stdout: '0\n',
    stderr: 'err\n',
  });
  t.match(await connection.execute(['id', '-un'], { user: 'www-data', cwd: '/var' }), {
    stdout: 'www-data\n',
  });
  t.match(await connection.execute(['id', '-un'], { user: '33' }), { stdout: 'www-data\n' });
  t.match(await connection.execute(['pwd'], { cwd: '/usr/share' }), { stdout: '/usr/share\n' });
  t.match(await connection.execute(['cat'], { stdin: 'from here' }), { stdout: 'from here' });
  t.match(await connection.execute(['cat'], { stdin: randomBytes(2_000_000) }), { exitCode: 0 });
  t.match(await connection.execute(['true'], { stdin: randomBytes(2_000_000) }), { exitCode: 0 }, 'not read');
  t.match(await connection.execute(['no-such-command']), { exitCode: 127, stderr: /not found/ });
  t.match(await connection.execute(['sh', '-c', 'kill -TERM $$']), { exitCode: 143 }, 'ended by a signal');
  const long = 'x'.repeat(100_000);
  t.match(
    await connection.execute(['printf', '%s%s', long, long]),
    { stdout: long + long },
    'long arguments',
  );
  const told = await connection.execute(['sh', '-c', 'ps axww -o args'], { env: { PASSWORD: 's3cret' } });
  t.notMatch(told.stdout, /s3cret/, 'nobody sees the environment in the list of processes');
  let streamed = 0;
  const big = await connection.execute(['sh', '-c', 'head -c 20000000 /dev/zero | tr "\\0" x'], {
    onOutput: (_, chunk) => (streamed += chunk.length),
  });
  t.equal(streamed, 20_000_000, 'streamed whole');
  t.match(big.stdout.slice(-60), /more bytes were not kept/, 'but kept only in part');
  t.match(await connection.execute(['sh', '-c', 'sleep 300 & echo started']), {
    exitCode: 0,
    stdout: 'started\n',
  });
});

await tap.test('what shells print when they start is no output', async (t) => {
  await machine.sh("sed -i '1i echo noise; echo more >&2' /home/admin/.bashrc");
  t.teardown(() => machine.sh('sed -i 1d /home/admin/.bashrc'));
  await using connection = (await connect()).connection;
  t.match(await connection.execute(['sh', '-c', 'echo a; echo b >&2']), { stdout: 'a\n', stderr: 'b\n' });
});

await tap.test('more commands than the server allows wait for their turn on one connection', async (t) => {
  await using connection = (await connect({ settings: { max_ssh_sessions: 50 } })).connection;
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, at) => connection.execute(['sh', '-c', `sleep 0.3; echo ${at}`])),
  );
  t.same(
    many.map((one) => one.stdout.trim()),
    Array.from({ length: 20 }, (_, at) => String(at)),
  );
  // Those of earlier tests end when their server has noticed.
  await until('there is one connection', async () => {
    const { stdout } = await connection.execute(['sh', '-c', 'ps ax -o args | grep -c "^sshd: admin@"']);
    return stdout.trim() === '1';
  });
});

await tap.test('a timeout and an abort kill the command with its children', async (t) => {
  await using connection = (await connect()).connection;
  const script = 'trap "" TERM; setsid sleep 1234 & (sleep 1234; true) & sleep 1234; sleep 1234';
  const run = connection.execute(['sh', '-c', script], { timeoutMs: 500 });
  await t.rejects(run, { code: 'transport.timeout', message: /took longer than 0.5 s/ });
  t.match(await connection.execute(['pgrep', '-fx', 'sleep 1234']), { exitCode: 1 });
  const controller = new AbortController();
  const aborted = connection.execute(['sleep', '4321'], { signal: controller.signal, user: 'www-data' });
  aborted.catch(() => undefined);
  await until('it sleeps', () => sleeps('4321'));
  controller.abort();
  await t.rejects(aborted, { name: 'AbortError' });
  t.match(await connection.execute(['pgrep', '-fx', 'sleep 4321']), { exitCode: 1 });
  await t.rejects(connection.execute(['true'], { signal: controller.signal }), { name: 'AbortError' });
});

await tap.test('files', async (t) => {
  await using connection = (await connect()).connection;
  const big = randomBytes(50_000_000);
  const long = `${'d'.repeat(90)}/${'e'.repeat(90)}/ü.txt`;
  const sum = createHash('sha256').update(big).digest('hex');
  await connection.upload(tarOf({ 'a.txt': 'hello', 'sub/big.bin': big, [long]: 'long' }), '/opt/new/deep/');
  const look = `stat -c '%a %u %g' a.txt; sha256sum < sub/big.bin; cat '${long}'`;
  const seen = await connection.execute(['sh', '-c', look], { cwd: '/opt/new/deep' });
  t.equal(seen.stdout, `640 33 33\n${sum}  -\nlong`);
  const back = await connection.readFile('/opt/new/deep/sub/big.bin');
  t.equal(
    createHash('sha256')
      .update(back ?? '')
      .digest('hex'),
    sum,
    '50 MB are read back',
  );
  t.same(await namesOf(await connection.download('/opt/new/deep/sub')), ['sub/', 'sub/big.bin']);
  t.match((await connection.readFile('/etc/os-release'))?.toString(), /Debian/, 'links are followed');
  await connection.upload(tarOf({}), '/opt/empty/folder');
  t.match(await connection.execute(['stat', '-c', '%a', '/opt/empty/folder']), { stdout: '755\n' });
  const early = new PassThrough();
  const tooLate = connection.upload(early, '/opt/broken');
  early.destroy(new Error('it went away before'));
  await t.rejects(tooLate, /it went away before/);
  const half = await connection.download('/opt/new/deep/sub');
  half.destroy();
  t.match(await connection.execute(['true']), { exitCode: 0 }, 'a download nobody reads holds nothing up');
});

await tap.test('sudo that asks, sudo that may not, no sudo wanted', async (t) => {
  const asked = (await connect({ endpoint: { username: 'asked' } })).connection;
  await t.rejects(asked.execute(['true']), { code: 'ssh.sudo_password', hint: /NOPASSWD/ });
  const plain = (await connect({ endpoint: { username: 'plain' } })).connection;
  await t.rejects(plain.execute(['true']), { code: /ssh.sudo_(password|denied)/, hint: /sudoers/ });
  await using login = (await connect({ endpoint: { username: 'plain' }, settings: { sudo: false } }))
    .connection;
  t.match(await login.execute(['id', '-un']), { stdout: 'plain\n', via: 'ssh' });
  await using root = (await connect({ endpoint: { username: 'root' } })).connection;
  t.match(await root.execute(['id', '-un']), { stdout: 'root\n', via: 'ssh' });
  t.match(await root.execute(['id', '-un'], { user: 'www-data' }), { stdout: 'www-data\n' });
});

await tap.test(
  'the environment of another user’s process: through sudo; without it an error, never unset',
  async (t) => {
    await machine.sh(
      'setpriv --reuid=33 --regid=33 --clear-groups env DATABASE_URL=x sleep 4711 >/dev/null 2>&1 &',
    );
    await until('it sleeps', () => sleeps('4711'));
    const needs = { processes: true, environ: [{ key: 'DATABASE_URL', names: ['sleep'] }] };
    await using admin = (await connect()).connection;
    const seen = await takeSnapshot(admin, needs);
    t.equal(seen.via, 'sudo, perl');
    const pid = seen.processes.find((one) => one.args.includes('4711'))?.pid;
    const of = (snapshot: Snapshot) => snapshot.environ.find((one) => one.pid === pid);
    t.match(of(seen), { live: 'x', atExec: 'x' });
    const ways = seen.processes.filter((one) => /^(sudo|dd|perl)$/.test(one.comm));
    t.same(ways, [], 'what runs for the look is not among the processes');
    await using plain = (await connect({ endpoint: { username: 'plain' }, settings: { sudo: false } }))
      .connection;
    t.match(of(await takeSnapshot(plain, needs)), {
      live: undefined,
      liveError: /no right to read its memory \(needs root/,
      atExec: undefined,
    });
  },
);

await tap.test('a shell has a terminal of the size of ours', async (t) => {
  await using connection = (await connect()).connection;
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (_raw: boolean) => undefined });
  const output = Object.assign(new PassThrough(), { columns: 99, rows: 33 });
  let text = '';
  output.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const shell = connection.shell?.({ input, output, error: output, term: 'xterm' });
  input.write('stty size; echo "I am $(id -un)"\n');
  for (let tries = 0; !text.includes('I am admin') && tries < 3000; tries += 1) await sleep(50);
  Object.assign(output, { columns: 77, rows: 22 });
  output.emit('resize');
  input.write('stty size; exit 5\n');
  t.equal(await shell, 5);
  t.match(text, /33 99[^]*I am admin[^]*22 77/);
});

await tap.test('a machine that goes down under a command, and comes back', async (t) => {
  const { connection, ctx } = await connect({ settings: { keepalive_interval: 2 } });
  t.teardown(() => connection[Symbol.asyncDispose]());
  const killed = connection.execute(['sleep', '60']);
  killed.catch(() => undefined);
  await until('it sleeps', () => sleeps('60'));
  await machine.sh("pkill -f '^sshd: admin'");
  await t.rejects(killed, { code: 'ssh.lost', message: /while sleep ran/ });
  t.match(await connection.execute(['true']), { exitCode: 0 });
  const rebooted = connection.execute(['sleep', '61']);
  rebooted.catch(() => undefined);
  await until('it sleeps again', () => sleeps('61'));
  await machine.container.restart({ t: 0 });
  await t.rejects(rebooted, { code: 'ssh.lost', kind: 'infrastructure' });
  t.match(await connection.execute(['hostname']), { stdout: 'inner\n' });
  await machine.container.pause();
  await t.rejects(connection.execute(['true']), { code: 'ssh.lost', message: /did not answer any more/ });
  const controller = new AbortController();
  const waiting = connection.execute(['true'], { signal: controller.signal });
  setTimeout(() => controller.abort(), 1500);
  await t.rejects(
    waiting,
    { name: 'AbortError' },
    'a machine that hangs holds nobody who does not want to wait',
  );
  await machine.container.unpause();
  t.match(await connection.execute(['hostname']), { stdout: 'inner\n' });
  const notices = ctx.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  t.equal(notices.length, 3);
  t.match(notices[2], /did not answer any more/);
  t.match(notices[1], /connected again after \d+ s; the connection had been lost: /);
});
