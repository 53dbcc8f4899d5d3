import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tap from 'tap';
import { keyPair, sshLab } from '../../../test/ssh-lab.ts';
import { addLogin, sshMachine } from '../../../test/ssh-machine.ts';
import { readHostKeys } from './known-hosts.ts';

const project = 'galley-test-ssh-reach';
const { folder, home, network, machine, key, connect } = await sshLab(tap, project);
const keyFile = (name: string, type: 'ed25519' | 'rsa' | 'ecdsa', pem = false) =>
  keyPair(folder, name, type, pem);
const kinds = [key, keyFile('rsa', 'rsa'), keyFile('ecdsa', 'ecdsa'), keyFile('pem', 'rsa', true)];
const locked = keyFile('locked', 'ed25519');
const bastion = await sshMachine(tap, { project, network });
await addLogin(bastion, 'jump', [key.public]);
await addLogin(
  machine,
  'admin',
  [...kinds, locked].map((one) => one.public),
);
await machine.sh("echo 'admin:right' | chpasswd");

await tap.test('every kind of key is let in, and one with a passphrase by the agent', async (t) => {
  for (const { file } of kinds) {
    await using connection = (await connect({ settings: { ssh_key: file } })).connection;
    t.match(await connection.execute(['id', '-un']), { stdout: 'root\n' }, file);
  }
  const socket = join(home, 'agent.sock');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  t.teardown(() => agent.kill());
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  for (let tries = 0; spawnSync('ssh-add', ['-l'], { env }).status === 2 && tries < 3000; tries += 1)
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
  const quick = { settings: { connection_timeout: 120, connection_retries: 0 } };
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
    [{ ...at(silent), settings: { connection_timeout: 1, connection_retries: 0 } }, 'ssh.silent'],
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
  void connection.execute(['perl', '-e', perl], { timeoutMs: 600_000 }).catch(() => undefined);
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
