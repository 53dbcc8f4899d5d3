import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Duplex, PassThrough } from 'node:stream';
import ssh2, { type ClientChannel } from 'ssh2';
import tap from 'tap';
import { testContext } from '../../../test/contract/context.ts';
import { host } from '../../../test/host.ts';
import { endOf } from './execute.ts';
import { createSshTransport } from './index.ts';
import { readHostKeys } from './known-hosts.ts';
import { logIn } from './log-in.ts';
import { Marked } from './marked.ts';
import { SshSettings } from './settings.ts';
import { throughCommand } from './sockets.ts';
import { readSshConfig } from './ssh-config.ts';
import { planWay } from './way.ts';

const place = { host: 'h', port: 22, username: 'admin' };

await tap.test('a shell that prints for ever before it comes to the command is given up', (t) => {
  const flood = new Marked('MARK');
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  for (let at = 0; at < 65; at += 1) t.equal(flood.take(chunk).length, 0);
  t.equal(flood.isHopeless(), true);
  t.equal(flood.noise().length <= 64 * 1024, true, 'and not kept');
  const long = new Marked('MARK');
  for (let at = 0; at < 3; at += 1) long.take(chunk);
  long.take(Buffer.from('sudo: no\nMA'));
  t.equal(long.take(Buffer.from('RK 7\nout')).toString(), 'out', 'a mark in two parts after much else');
  t.match([long.word(), long.isHopeless()], ['7', false]);
  t.match(long.noise(), /sudo: no\n$/);
  t.end();
});

await tap.test('output after the end of a command is not waited for, however much comes', async (t) => {
  const channel = new PassThrough() as unknown as ClientChannel & PassThrough;
  Object.assign(channel, { stderr: new PassThrough() });
  channel.resume();
  const chatty = setInterval(() => channel.write('more'), 1);
  t.teardown(() => clearInterval(chatty));
  const end = endOf(channel, 20);
  channel.emit('exit', 3);
  t.same(await end, { exitCode: 3 });
});

await tap.test('a server that stops in the login is no refused key', async (t) => {
  const sock = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  sock.push('SSH-2.0-slow\r\n');
  const login = logIn(sock, place, {
    credentials: { list: [], unused: [], agent: undefined },
    timeoutMs: 20,
    keepaliveMs: 0,
    keepaliveMax: 0,
    compress: false,
    forwardAgent: false,
    keyTypes: [],
    judgeHostKey: async () => undefined,
    signal: new AbortController().signal,
  });
  await t.rejects(login, { code: 'ssh.login_timed_out', kind: 'infrastructure', hint: /connection_timeout/ });
});

await tap.test('a machine that gives no shell ends the wait for it', async (t) => {
  const { private: hostKey } = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 });
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (attempt) => attempt.accept());
    // It never says whether there is a session.
    client.on('session', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const transport = createSshTransport({ ...host, env: {} });
  const config = transport.config.parse({ max_wait_until_ready: 0.1, password: 'x', agent: false });
  const ctx = testContext(config, { project: 'p', root: t.testdir() });
  const { port } = server.address() as AddressInfo;
  const at = { kind: 'ssh', host: '127.0.0.1', port, username: 'admin' } as const;
  await using connection = await transport.connect(ctx, at);
  await t.rejects(connection.waitUntilReady?.() ?? Promise.resolve(), {
    code: 'ssh.no_shell',
    message: /lets admin in, and runs no command within 0\.1 s/,
  });
});

await tap.test('an ssh configuration that cannot be used is an error of the settings', async (t) => {
  const folder = t.testdir();
  const file = join(folder, 'config');
  const read = async (text: string, asked = 'web') => {
    writeFileSync(file, text);
    return (await readSshConfig(file, folder, undefined))(asked);
  };
  for (const text of ['Host *\n  Port abc\n', 'Host *\n  Port 70000\n', 'Host "abc\n  Port 1\n'])
    await t.rejects(read(text), { code: 'ssh.bad_config', kind: 'config', location: { file } }, text);
  for (const missing of [join(folder, 'none'), folder])
    await t.rejects(readSshConfig(missing, folder, undefined), { code: 'ssh.bad_config' }, missing);
  t.match(await read('Host *\n  HostName %h.internal%%1\n'), { host: 'web.internal%1' });
  const way = () =>
    planWay(
      { kind: 'ssh', host: 'h', port: 22, username: 'u' },
      SshSettings.parse({ ssh_http_proxy: 'http://[bad' }),
      () => ({ keyFiles: [], jumps: [] }),
      { root: folder, home: undefined },
    );
  t.throws(way, { code: 'ssh.bad_proxy', kind: 'config' });
});

await tap.test('known keys that cannot be read let no other key pass as the first', async (t) => {
  const root = t.testdir();
  t.same(await readHostKeys(root, 'one'), [], 'none are known');
  mkdirSync(join(root, '.galley/known_hosts/one'), { recursive: true });
  await t.rejects(readHostKeys(root, 'one'), { code: 'ssh.known_hosts_unreadable' });
});

await tap.test('of the words of a proxy command the first are kept', async (t) => {
  const { failed } = throughCommand('head -c 3000000 /dev/zero | tr "\\0" x >&2; exit 3', place, {
    PATH: process.env['PATH'],
  });
  const why = await failed;
  t.match(why?.message, /exit code 3: x+/);
  t.equal((why?.message.length ?? 0) < 3000, true);
});
