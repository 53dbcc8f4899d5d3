import { spawn, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2 from 'ssh2';
import tap from 'tap';
import { extract, pack } from 'tar-stream';
import { testContext } from '../../../test/contract/context.ts';
import { addLogin, sshMachine } from '../../../test/ssh-machine.ts';
import { takeSnapshot } from '../../checks/probe/take-snapshot.ts';
import type { SshEndpoint } from '../../core/driver.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { connectEngine } from '../../docker/connect.ts';
import { createSshTransport } from './index.ts';
import { readHostKeys } from './known-hosts.ts';

tap.setTimeout(240_000);
const { utils } = ssh2;
const project = 'galley-test-ssh';
const folder = tap.testdir({ home: {} });
const home = join(folder, 'home');

/** A key pair in OpenSSH's format; `pem`: as openssl writes it. */
function keyFile(
  name: string,
  type: 'ed25519' | 'rsa' | 'ecdsa',
  pem = false,
): { file: string; public: string } {
  const file = join(folder, name);
  if (pem) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(file, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  } else {
    const options = type === 'rsa' ? { bits: 2048 } : type === 'ecdsa' ? { bits: 256 } : {};
    writeFileSync(file, utils.generateKeyPairSync(type as 'rsa', options as never).private, { mode: 0o600 });
  }
  const parsed = utils.parseKey(readFileSync(file)) as ssh2.ParsedKey;
  return { file, public: `${parsed.type} ${parsed.getPublicSSH().toString('base64')} ${name}` };
}

const key = keyFile('id', 'ed25519');
const kinds = [key, keyFile('rsa', 'rsa'), keyFile('ecdsa', 'ecdsa'), keyFile('pem', 'rsa', true)];
const locked = keyFile('locked', 'ed25519');
const engine = await connectEngine(process.env);
const network = `${project}-${randomBytes(4).toString('hex')}`;
await engine.docker.createNetwork({ Name: network, Labels: { 'galley-test': project } });
// Runs after the containers' own, which were added later.
tap.teardown(() => engine.docker.getNetwork(network).remove());
const [machine, bastion] = await Promise.all([
  sshMachine(tap, {
    project,
    network,
    create: { Hostname: 'inner', HostConfig: { CapAdd: ['SYS_PTRACE'] } },
  }),
  sshMachine(tap, { project, network }),
]);
const publicKeys = [...kinds, locked].map((one) => one.public);
await Promise.all([
  addLogin(machine, 'admin', publicKeys, 'ALL=(ALL) NOPASSWD:ALL'),
  addLogin(bastion, 'jump', [key.public]),
]);
await addLogin(machine, 'plain', [key.public]);
await addLogin(machine, 'asked', [key.public], 'ALL=(ALL) ALL');
await addLogin(machine, 'root', [key.public]);
await machine.sh("echo 'admin:right' | chpasswd");

interface Given {
  readonly settings?: object;
  readonly endpoint?: Partial<SshEndpoint>;
  readonly env?: Record<string, string>;
  readonly instance?: string;
}

async function connect({ settings, endpoint, env, instance = 'one' }: Given = {}) {
  const transport = createSshTransport({ env: { HOME: home, PATH: process.env['PATH'], ...env } });
  const config = transport.config.parse({ ssh_key: key.file, connection_retry_sleep: 0.3, ...settings });
  const ctx = testContext(config, { project, root: folder, instance });
  const { host } = machine;
  const connection = await transport.connect(ctx, {
    kind: 'ssh',
    host,
    port: 22,
    username: 'admin',
    ...endpoint,
  });
  return { connection, ctx, transport };
}

function tarOf(files: Record<string, string | Buffer>): Readable {
  const tar = pack();
  for (const [name, content] of Object.entries(files))
    tar.entry({ name, mode: 0o640, uid: 33, gid: 33 }, content);
  tar.finalize();
  return tar as unknown as Readable;
}

async function namesOf(tar: Readable): Promise<string[]> {
  const names: string[] = [];
  const source = extract();
  tar.pipe(source);
  for await (const entry of source) {
    names.push(entry.header.name);
    entry.resume();
  }
  return names.toSorted();
}

{
  const { connection } = await connect();
  await connection.waitUntilReady?.();
  await connection[Symbol.asyncDispose]();
}

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
  const { stdout } = await connection.execute(['sh', '-c', 'ps ax -o args | grep -c "^sshd: admin@"']);
  t.equal(stdout.trim(), '1', 'one connection');
});

await tap.test('a timeout and an abort kill the command with its children', async (t) => {
  await using connection = (await connect()).connection;
  const script = 'trap "" TERM; setsid sleep 1234 & (sleep 1234; true) & sleep 1234; sleep 1234';
  const run = connection.execute(['sh', '-c', script], { timeoutMs: 500 });
  await t.rejects(run, { code: 'transport.timeout', message: /took longer than 0.5 s/ });
  t.match(await connection.execute(['pgrep', '-fx', 'sleep 1234']), { exitCode: 1 });
  const controller = new AbortController();
  const aborted = connection.execute(['sleep', '4321'], { signal: controller.signal, user: 'www-data' });
  await sleep(500);
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
  t.equal(await connection.readFile('/opt/none'), undefined);
  await t.rejects(connection.readFile('/etc'), { code: 'transport.not_a_file' });
  await t.rejects(connection.download('/opt/none'), { code: 'transport.no_such_path' });
  await connection.upload(tarOf({}), '/opt/empty/folder');
  t.match(await connection.execute(['stat', '-c', '%a', '/opt/empty/folder']), { stdout: '755\n' });
  const broken = new PassThrough();
  const upload = connection.upload(broken, '/opt/broken');
  broken.write(Buffer.alloc(512));
  setTimeout(() => broken.destroy(new Error('the disk went away')), 50);
  await t.rejects(upload, /the disk went away/);
  const half = await connection.download('/opt/new/deep/sub');
  half.destroy();
  t.match(await connection.execute(['true']), { exitCode: 0 }, 'a download nobody reads holds nothing up');
});

await tap.test('every kind of key is let in, and one with a passphrase by the agent', async (t) => {
  for (const { file } of kinds) {
    await using connection = (await connect({ settings: { ssh_key: file } })).connection;
    t.match(await connection.execute(['id', '-un']), { stdout: 'root\n' }, file);
  }
  const socket = join(home, 'agent.sock');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  t.teardown(() => agent.kill());
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  for (let tries = 0; spawnSync('ssh-add', ['-l'], { env }).status === 2 && tries < 100; tries += 1)
    await sleep(20);
  t.equal(spawnSync('ssh-add', ['-q', locked.file], { env }).status, 0);
  chmodSync(locked.file, 0o600);
  t.equal(spawnSync('ssh-keygen', ['-q', '-p', '-N', 'phrase', '-P', '', '-f', locked.file]).status, 0);
  const given = { settings: { ssh_key: locked.file } };
  await using connection = (await connect({ ...given, env: { SSH_AUTH_SOCK: socket } })).connection;
  t.match(await connection.execute(['id', '-un']), { stdout: 'root\n' });
  await using forwarding = (
    await connect({ settings: { ssh_key: null, forward_agent: true }, env: { SSH_AUTH_SOCK: socket } })
  ).connection;
  t.match(await forwarding.execute(['sh', '-c', 'test -S "$SSH_AUTH_SOCK"'], { user: 'admin' }), {
    exitCode: 0,
  });
  const alone = (await connect(given)).connection;
  await t.rejects(alone.execute(['true']), { code: 'ssh.key_unusable', kind: 'config', hint: /ssh-add/ });
  await using byPassword = (await connect({ settings: { ssh_key: null, password: 'right' } })).connection;
  t.match(await byPassword.execute(['id', '-un']), { stdout: 'root\n' });
});

await tap.test('a refused login says at once what was tried', async (t) => {
  const stranger = keyFile('stranger', 'ed25519');
  const given = { settings: { ssh_key: stranger.file } };
  const { connection } = await connect(given);
  await t.rejects(connection.execute(['true']), {
    code: 'ssh.auth_failed',
    kind: 'infrastructure',
    message: /does not let admin in/,
    details: [/^tried key .*stranger \(ssh-ed25519 SHA256:/, /the server accepts: publickey/],
  });
  const nobody = (await connect({ endpoint: { username: 'nobody-here' } })).connection;
  await t.rejects(nobody.execute(['true']), { code: 'ssh.auth_failed', message: /nobody-here/ });
  const wrong = (await connect({ settings: { ssh_key: null, password: 'wrong' } })).connection;
  await t.rejects(wrong.execute(['true']), { code: 'ssh.auth_failed', details: [/^tried the password$/] });
  const missing = (await connect({ settings: { ssh_key: join(folder, 'none') } })).connection;
  await t.rejects(missing.execute(['true']), { code: 'ssh.key_unusable', message: /does not exist/ });
  const patient = await connect({ settings: { ssh_key: stranger.file, auth_retries: 2 } });
  const started = Promise.resolve(patient.connection.waitUntilReady?.());
  await t.rejects(
    started,
    { code: 'ssh.auth_failed', message: /2 tries/ },
    'a new machine gets a second chance',
  );
});

await tap.test('each way of not getting there has a code of its own', async (t) => {
  const listen = async (server: Server): Promise<number> => {
    t.teardown(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as { port: number }).port;
  };
  const quick = { settings: { connection_timeout: 1, connection_retries: 0 } };
  const at = (port: number) => ({ ...quick, endpoint: { host: '127.0.0.1', port } });
  const open: { destroy(): void }[] = [];
  t.teardown(() => open.forEach((socket) => socket.destroy()));
  const silent = await listen(createServer((socket) => void open.push(socket)));
  const closing = await listen(createServer((socket) => socket.destroy()));
  const http = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  const closed = createServer();
  const refused = await listen(closed);
  await new Promise((resolve) => closed.close(resolve));
  const cases = [
    [at(refused), 'ssh.refused'],
    [at(silent), 'ssh.silent'],
    [at(closing), 'ssh.reset'],
    [at(http), 'ssh.not_ssh'],
    [{ ...quick, endpoint: { host: 'no-such-host.invalid' } }, 'ssh.no_such_host'],
    [{ settings: { ssh_proxy_command: 'echo no way >&2; exit 3' } }, 'ssh.cannot_connect'],
  ] as const;
  for (const [given, code] of cases) {
    const { connection } = await connect(given);
    const error = (await connection.execute(['true']).catch((thrown: unknown) => thrown)) as {
      hint?: string;
    };
    t.match(error, { code, kind: 'infrastructure' }, code);
    t.ok((error.hint ?? '') !== '', `${code} has a next step`);
  }
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

await tap.test('a host key is remembered, and another one is an error that names both', async (t) => {
  const first = await connect({ instance: 'keyed' });
  await first.connection.execute(['true']);
  await first.connection[Symbol.asyncDispose]();
  const [known] = await readHostKeys(folder, 'keyed');
  t.match(known?.fingerprint, /^SHA256:/);
  await machine.sh('mkdir -p /root/keys && cp -p /etc/ssh/ssh_host_* /root/keys');
  t.teardown(() => machine.sh('cp -p /root/keys/* /etc/ssh/'));
  await machine.sh('rm /etc/ssh/ssh_host_*; ssh-keygen -A >/dev/null; pkill -HUP -o -x sshd');
  const again = await connect({ instance: 'keyed' });
  await t.rejects(again.connection.execute(['true']), {
    code: 'ssh.host_key_changed',
    expected: new RegExp(known?.fingerprint.replaceAll(/[+/]/g, '.') ?? 'none'),
    got: /^SHA256:.*ssh-ed25519/,
    hint: /known_hosts\/keyed/,
  });
  await using ignoring = (await connect({ instance: 'keyed', settings: { host_key: 'ignore' } })).connection;
  t.match(await ignoring.execute(['true']), { exitCode: 0 });
  await again.transport.forget?.(again.ctx);
  await using fresh = (await connect({ instance: 'keyed' })).connection;
  t.match(await fresh.execute(['true']), { exitCode: 0 }, 'the next machine has its own');
  const [now] = await readHostKeys(folder, 'keyed');
  const hostKeys = [now?.fingerprint ?? ''];
  await using told = (await connect({ instance: 'told', endpoint: { hostKeys } })).connection;
  t.match(await told.execute(['true']), { exitCode: 0 }, 'one that the driver knows');
  const other = (await connect({ instance: 'told', endpoint: { hostKeys: [known?.fingerprint ?? ''] } }))
    .connection;
  await t.rejects(other.execute(['true']), { code: 'ssh.host_key_changed', message: /driver learnt/ });
});

await tap.test('through a bastion, named by the kitchen or by ~/.ssh/config', async (t) => {
  const inner = { host: 'inner', endpoint: { host: machine.name } };
  const settings = { ssh_gateway: bastion.host, ssh_gateway_username: 'jump' };
  await using named = (await connect({ ...inner, settings })).connection;
  t.match(await named.execute(['hostname']), { stdout: 'inner\n' });
  const config = join(folder, 'ssh_config');
  writeFileSync(
    config,
    `Host target\n  HostName ${machine.name}\n  ProxyJump jump@${bastion.host}:22\n  IdentityFile ${key.file}\n`,
  );
  const given = { settings: { ssh_config: config, ssh_key: null }, endpoint: { host: 'target' } };
  await using configured = (await connect(given)).connection;
  t.match(await configured.execute(['hostname']), { stdout: 'inner\n' });
  t.match(configured.loginCommand({ tty: true }), ['ssh', '-t']);
  const nowhere = (
    await connect({
      settings: { ...settings, connection_retries: 0 },
      endpoint: { host: machine.name, port: 23 },
    })
  ).connection;
  await t.rejects(nowhere.execute(['true']), { code: 'ssh.refused' });
});

await tap.test('ports lead through the connection, both ways', async (t) => {
  await using connection = (await connect()).connection;
  const perl = `use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalAddr=>"127.0.0.1:8123", Listen=>9, ReuseAddr=>1);
while (my $c = $s->accept) { print $c "from the machine"; close $c }`;
  void connection.execute(['perl', '-e', perl], { timeoutMs: 30_000 }).catch(() => undefined);
  const { stdout } = await connection.execute([
    'sh',
    '-c',
    'until ss -ltn | grep -q 127.0.0.1:8123; do sleep 0.1; done; echo up',
  ]);
  t.equal(stdout, 'up\n');
  const there = await connection.forwardOut?.(8123);
  const talk = ({ host, port }: { host: string; port: number }): Promise<string> =>
    new Promise((resolve) => {
      const socket = spawn('bash', ['-c', `exec 3<>/dev/tcp/${host}/${port}; cat <&3`]);
      let text = '';
      socket.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.once('close', () => resolve(text));
    });
  t.equal(await talk(there ?? { host: '', port: 0 }), 'from the machine');
  t.same(await connection.forwardOut?.(8123), there, 'one port, one address');
  t.equal(
    await talk((await connection.forwardOut?.(8124)) ?? { host: '', port: 0 }),
    '',
    'nobody listens there',
  );
  const server = createServer((socket) => socket.end('from here'));
  t.teardown(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await connection.forwardIn?.(5432, { host: '127.0.0.1', port });
  const client =
    'use IO::Socket::INET; my $s = IO::Socket::INET->new("127.0.0.1:5432") or die $!; print <$s>';
  t.match(await connection.execute(['perl', '-e', client]), { stdout: 'from here' });
  await t.rejects(Promise.resolve(connection.forwardIn?.(22, { host: '127.0.0.1', port })), {
    code: 'ssh.forward_refused',
  });
});

await tap.test('a shell has a terminal of the size of ours', async (t) => {
  await using connection = (await connect()).connection;
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (_raw: boolean) => undefined });
  const output = Object.assign(new PassThrough(), { columns: 99, rows: 33 });
  let text = '';
  output.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const shell = connection.shell?.({ input, output, error: output, term: 'xterm' });
  input.write('stty size; echo "I am $(id -un)"\n');
  for (let tries = 0; !text.includes('I am admin') && tries < 100; tries += 1) await sleep(50);
  Object.assign(output, { columns: 77, rows: 22 });
  output.emit('resize');
  input.write('stty size; exit 5\n');
  t.equal(await shell, 5);
  t.match(text, /33 99[^]*I am admin[^]*22 77/);
});

await tap.test('a machine that goes down under a command, and comes back', async (t) => {
  const { connection, ctx } = await connect({ settings: { keepalive_interval: 0.3 } });
  t.teardown(() => connection[Symbol.asyncDispose]());
  const killed = connection.execute(['sleep', '60']);
  killed.catch(() => undefined);
  await sleep(500);
  await machine.sh("pkill -f '^sshd: admin'");
  await t.rejects(killed, { code: 'ssh.lost', message: /while sleep ran/ });
  t.match(await connection.execute(['true']), { exitCode: 0 });
  const rebooted = connection.execute(['sleep', '60']);
  rebooted.catch(() => undefined);
  await sleep(500);
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
