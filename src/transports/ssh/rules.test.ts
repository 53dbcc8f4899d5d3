import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import type { SshEndpoint } from '../../core/endpoint.ts';
import { fingerprintOf } from '../../core/host-key.ts';
import { commandLine, commandScript } from './command-script.ts';
import { connectError, handshakeError, isPassing, lasting, sudoError, tunnelError } from './errors.ts';
import { hostKeyJudge } from './host-keys.ts';
import { createSshTransport } from './index.ts';
import { keyTypeOf, knownHostName, readHostKeys } from './known-hosts.ts';
import { loginCommand } from './login-command.ts';
import { Marked } from './marked.ts';
import { Sessions } from './sessions.ts';
import { SshSettings } from './settings.ts';
import { type ConfigOf, parseJump, readSshConfig } from './ssh-config.ts';
import { planWay } from './way.ts';

const place = { host: 'h', port: 22, username: 'admin' };

await tap.test('what comes before the mark is no output, however it is cut', (t) => {
  const text = 'noise\nmore MARK 42\nout\nput';
  for (const size of [1, 3, 7, 100]) {
    const marked = new Marked('MARK');
    let out = '';
    for (let at = 0; at < text.length; at += size)
      out += marked.take(Buffer.from(text.slice(at, at + size))).toString();
    t.same([out, marked.word(), marked.noise()], ['out\nput', '42', 'noise\nmore ']);
  }
  const none = new Marked('MARK');
  none.take(Buffer.from('sudo: a password is required\n'));
  t.same([none.word(), none.noise()], [undefined, 'sudo: a password is required\n']);
  t.end();
});

await tap.test('a command reaches a shell as it was given', (t) => {
  const argv = ['printf', '%s|', "it's", '', '$HOME', 'a\nb', '!x'];
  const script = commandScript('MARK', { argv, env: { A: "x'y", 'ODD-NAME': 'z' }, cwd: '/usr' });
  const { line } = commandLine(Buffer.byteLength(script), {
    login: 'root',
    user: undefined,
    sudo: true,
    sudoCommand: 'sudo -n',
  });
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', line], { input: script, encoding: 'utf8' });
  t.equal(stdout, "MARK\nit's||$HOME|a\nb|!x|");
  t.match(stderr, /^MARK \d+\n$/);
  t.notMatch(line, /[\n!]/);
  t.end();
});

await tap.test('who a command runs as', (t) => {
  const line = (login: string, user: string | undefined, sudo = true): string =>
    commandLine(9, { login, user, sudo, sudoCommand: 'sudo -n' }).line.replace(/'s=.*/s, '…');
  t.equal(line('root', undefined), '/bin/sh -c …');
  t.equal(line('admin', undefined), 'sudo -n -- /bin/sh -c …');
  t.equal(line('admin', undefined, false), '/bin/sh -c …');
  t.equal(line('admin', 'admin'), '/bin/sh -c …');
  t.equal(line('admin', 'www-data'), 'sudo -n -u www-data -- /bin/sh -c …');
  t.equal(line('admin', '33'), "sudo -n -u '#33' -- /bin/sh -c …");
  t.match(line('root', 'www-data'), /^\/bin\/sh -c 'if command -v sudo .* sudo -n -u www-data/);
  t.end();
});

await tap.test('turns on a connection, and a server that allows fewer', async (t) => {
  const sessions = new Sessions(3);
  const order: number[] = [];
  await Promise.all([sessions.enter(), sessions.enter(), sessions.enter()]);
  const fourth = sessions.enter().then(() => order.push(4));
  t.equal(sessions.refused(), true, 'the third was refused');
  sessions.leave();
  const third = sessions.enter().then(() => order.push(3));
  await new Promise((resolve) => setImmediate(resolve));
  t.same(order, [], 'two are running, which is what the server allows');
  sessions.leave();
  sessions.leave();
  await Promise.all([third, fourth]);
  t.same(new Set(order), new Set([3, 4]));
  sessions.leave();
  t.equal(sessions.refused(), false, 'alone');
});

await tap.test('the way to a machine: kitchen before driver before ~/.ssh/config', async (t) => {
  const home = t.testdir({ '.ssh': { id: '' } });
  const file = join(home, '.ssh/config');
  writeFileSync(
    file,
    `Host web*\n  HostName 10.0.0.9\n  Port 2200\n  IdentityFile ~/.ssh/id\n  ProxyJump me@jump:2222,second\n
Host second\n  HostName 10.0.0.2\n  User other\n\nHost proxied\n  ProxyCommand nc -X 5 %h %p\n\nHost direct\n  ProxyJump none\n`,
  );
  const configOf = await readSshConfig(true, home, home);
  const from = { root: '/kitchen', home };
  const way = (endpoint: Partial<SshEndpoint>, settings: object = {}, config: ConfigOf = configOf) =>
    planWay(
      { kind: 'ssh', host: 'web1', port: 22, username: 'root', ...endpoint },
      SshSettings.parse(settings),
      config,
      from,
    );
  t.match(way({}), {
    target: { host: '10.0.0.9', port: 2200, username: 'root', keyFiles: [join(home, '.ssh/id')] },
    stops: [
      { host: 'jump', port: 2222, username: 'me' },
      { host: '10.0.0.2', port: 22, username: 'other' },
    ],
  });
  t.match(way({ keyFile: '/driver/key', port: 2022 }).target, { keyFiles: ['/driver/key'], port: 2022 });
  const kitchen = { ssh_key: '~/k', username: 'admin', port: 23, ssh_gateway: 'b', ssh_gateway_port: 99 };
  t.match(way({ keyFile: '/driver/key', port: 2022 }, kitchen), {
    target: { keyFiles: [join(home, 'k')], port: 23, username: 'admin' },
    stops: [{ host: 'b', port: 99, username: 'admin' }],
  });
  t.same(way({}, { ssh_key: 'keys/k' }).target.keyFiles, ['/kitchen/keys/k']);
  t.equal(way({ host: 'proxied' }).proxyCommand, 'nc -X 5 %h %p');
  t.same(way({ host: 'direct' }).stops, []);
  t.match(way({}, { ssh_http_proxy: 'http://proxy:3128/' }), {
    stops: [],
    httpProxy: { host: 'proxy', port: 3128 },
  });
  const off = await readSshConfig(false, home, home);
  t.match(way({}, {}, off), { target: { host: 'web1', port: 22 }, stops: [] });
  t.same(parseJump('ssh://me@[::1]:2222'), { host: '::1', port: 2222, username: 'me' });
  t.same(
    loginCommand(way({}), SshSettings.parse({}), { root: '/kitchen', instance: 'one' }, true).slice(-7),
    ['-J', 'me@jump:2222,other@10.0.0.2:22', '-p', '2200', '-l', 'root', '10.0.0.9'],
  );
});

await tap.test('what may pass is tried again, and every failure has a next step', (t) => {
  const codes = ['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'ECONNRESET', 'EACCES'];
  const errors = codes.map((code) => connectError(place, Object.assign(new Error('words'), { code })));
  t.same(
    errors.map((error) => [error.code, isPassing(error)]),
    [
      ['ssh.refused', true],
      ['ssh.timed_out', true],
      ['ssh.no_route', true],
      ['ssh.no_such_host', true],
      ['ssh.reset', true],
      ['ssh.cannot_connect', false],
    ],
  );
  t.ok(errors.every((error) => error.kind === 'infrastructure' && error.hint));
  const shaken = (words: string, message = 'lost') => handshakeError(place, new Error(message), words).code;
  t.equal(
    shaken('SSH-2.0-OpenSSH_5\r\n', 'Handshake failed: no matching key exchange'),
    'ssh.no_common_algorithm',
  );
  t.equal(shaken('HTTP/1.1 400 Bad\r\n'), 'ssh.not_ssh');
  t.equal(shaken('Exceeded MaxStartups\r\n'), 'ssh.handshake_failed');
  const refused = errors[0];
  if (refused) t.match(lasting(refused, 4, 12.4).message, /\(4 tries in 12 s\)$/);
  t.end();
});

await tap.test("sudo's words", (t) => {
  const code = (stderr: string) => sudoError(place, 'sudo -n', stderr)?.code;
  t.equal(code('sudo: a password is required\n'), 'ssh.sudo_password');
  t.equal(code('sudo: sorry, you must have a tty to run sudo\n'), 'ssh.sudo_tty');
  t.equal(code('admin is not in the sudoers file.\n'), 'ssh.sudo_denied');
  t.equal(code('Sorry, user admin is not allowed to execute …'), 'ssh.sudo_denied');
  t.equal(code('bash: line 1: sudo: command not found\n'), 'ssh.sudo_missing');
  t.equal(code('This account is currently not available.\n'), undefined);
  t.end();
});

await tap.test('host keys: the first one seen holds, one that is told holds instead', async (t) => {
  const root = t.testdir();
  const wire = (type: string, rest: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(type.length);
    return Buffer.concat([length, Buffer.from(type), Buffer.from(rest)]);
  };
  const [one, other] = [wire('ssh-ed25519', 'one'), wire('ssh-ed25519', 'other')];
  t.equal(keyTypeOf(one), 'ssh-ed25519');
  const rule = { place, root, owner: 'i', right: 'first-use' } as const;
  t.equal(await (await hostKeyJudge(rule)).judge(one), undefined);
  t.match(await readHostKeys(root, 'i'), [
    { host: 'h', type: 'ssh-ed25519', fingerprint: fingerprintOf(one) },
  ]);
  const later = await hostKeyJudge(rule);
  t.same(later.keyTypes, ['ssh-ed25519']);
  t.equal(await later.judge(one), undefined);
  t.match(await later.judge(other), { code: 'ssh.host_key_changed', got: new RegExp('ssh-ed25519') });
  const told = { ...rule, right: { fingerprints: [fingerprintOf(other)], from: 'that …' } };
  t.equal(await (await hostKeyJudge(told)).judge(other), undefined);
  t.match(await (await hostKeyJudge(told)).judge(one), { code: 'ssh.host_key_changed' });
  t.equal(await (await hostKeyJudge({ ...rule, right: 'ignore' })).judge(other), undefined);
  t.equal(knownHostName('h', 2222), '[h]:2222');
});

await tap.test('settings', async (t) => {
  const transport = createSshTransport({ env: {} });
  t.equal(transport.config.safeParse({ pasword: 'x' }).success, false);
  t.equal(transport.config.safeParse({ host_key: 'aa:bb' }).success, false);
  t.match(transport.config.parse({}), {
    max_ssh_sessions: 9,
    keepalive_interval: 60,
    max_wait_until_ready: 600,
  });
  const endpoint = { kind: 'ssh', host: 'h', port: 22, username: 'root' } as const;
  const config = transport.config.parse({ username: 'admin', ssh_key: '/k' });
  t.same(transport.reach?.(config, endpoint), { ...endpoint, username: 'admin', keyFile: '/k' });
  const other = { kind: 'ssm', instanceId: 'i-0123456789abcdef0', region: 'eu-central-1' } as const;
  await t.rejects(transport.connect({} as never, other), { code: 'transport.wrong_endpoint' });
});

await tap.test(
  'the driver’s tunnel wins over ~/.ssh/config and yields to the kitchen; a missing program is no wait',
  (t) => {
    const file: ConfigOf = () => ({
      keyFiles: [],
      jumps: ['bastion'],
      proxyCommand: 'file',
    });
    const at = { kind: 'ssh', host: 'i-1', port: 22, username: 'admin', proxyCommand: 'lead %p' } as const;
    const from = { root: '/k', home: undefined };
    const way = (settings: object) => planWay(at, SshSettings.parse(settings), file, from);
    t.match(way({}), { proxyCommand: 'lead %p', isTunnelled: true, stops: [] });
    t.match(way({ ssh_proxy_command: 'mine' }), { proxyCommand: 'mine', isTunnelled: false });
    t.match(way({ ssh_gateway: 'g' }), {
      proxyCommand: undefined,
      isTunnelled: false,
      stops: [{ host: 'g' }],
    });
    const ended = (code: number) =>
      tunnelError(place, new Error(`the proxy command ended with exit code ${code}: x`));
    t.equal(isPassing(ended(254)), true);
    t.equal(isPassing(ended(127)), false);
    t.end();
  },
);
