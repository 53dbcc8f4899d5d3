import tap from 'tap';
import { connectionsVerifier } from '../../verifiers/connections/index.ts';
import { startUnit, uwsgiIni, WITH_APP_SERVERS } from '../app-servers.ts';
import { liveInstance, until } from '../live-instance.ts';

/** An application with one client of a real Redis, used once where the module is loaded. */
const WSGI = `import redis
client = redis.Redis(host='cache', port=6379)
client.ping()
def application(env, start):
    client.ping()
    start('200 OK', [])
    return [b'ok']
`;
const RACK = `require 'redis'
$client ||= Redis.new(host: 'cache').tap(&:ping)
run ->(env) { [200, {}, [$client.ping]] }
`;

const LINES = ['WorkingDirectory=/srv', 'KillSignal=SIGQUIT'];
const TCP = 'cache:6379';
const UNIX = '/run/redis/redis.sock';

/** Server, where it connects to, and how it is started so that workers inherit, or do not. */
const SERVERS = [
  {
    name: 'gunicorn',
    to: TCP,
    shared: 'gunicorn -w 2 -u www-data --preload -b 127.0.0.1:9201 app',
    own: 'gunicorn -w 2 -u www-data -b 127.0.0.1:9202 app',
  },
  {
    name: 'gunicorn',
    to: UNIX,
    shared: 'gunicorn -w 2 --preload -b 127.0.0.1:9209 local',
    own: 'gunicorn -w 2 -b 127.0.0.1:9210 local',
  },
  {
    name: 'uwsgi',
    to: TCP,
    shared: 'uwsgi --ini /srv/uwsgi-shared.ini',
    own: 'uwsgi --ini /srv/uwsgi-own.ini',
  },
  {
    name: 'puma',
    to: TCP,
    shared: 'puma -w 2 --preload -b tcp://127.0.0.1:9203 config.ru',
    own: 'puma -w 2 -b tcp://127.0.0.1:9204 config.ru',
  },
  {
    name: 'unicorn',
    to: TCP,
    shared: 'unicorn -c /srv/unicorn-shared.rb config.ru',
    own: 'unicorn -c /srv/unicorn-own.rb config.ru',
  },
] as const;

await tap.test('a connection opened before fork, by server', async (t) => {
  const machine = await liveInstance(t, 'prefork', {
    config: { cap_add: ['SYS_PTRACE'], intermediate_instructions: WITH_APP_SERVERS },
  });
  await machine.write('/srv/app.py', WSGI);
  await machine.write('/srv/config.ru', RACK);
  await machine.write('/srv/uwsgi-shared.ini', uwsgiIni(9205));
  await machine.write('/srv/uwsgi-own.ini', uwsgiIni(9206, 'lazy-apps = true'));
  const unicorn = (port: number, more: string) => `worker_processes 2\nlisten '127.0.0.1:${port}'\n${more}\n`;
  await machine.write('/srv/unicorn-shared.rb', unicorn(9207, 'preload_app true'));
  await machine.write('/srv/unicorn-own.rb', unicorn(9208, ''));
  await machine.write('/srv/local.py', WSGI.replace("host='cache', port=6379", `unix_socket_path='${UNIX}'`));
  await machine.sh(
    `echo "127.0.0.1 cache" >> /etc/hosts; printf "unixsocket ${UNIX}\\nunixsocketperm 777\\n" >> /etc/redis/redis.conf; systemctl start redis-server`,
  );
  for (const [at, { name, to, shared, own }] of SERVERS.entries()) {
    await t.test(`${name}: inherited by both workers, or opened by each (${to})`, async (t) => {
      await Promise.all([
        startUnit(machine, `shared${at}`, [...LINES, `ExecStart=/usr/bin/${shared}`], 3),
        startUnit(machine, `own${at}`, [...LINES, `ExecStart=/usr/bin/${own}`], 3),
      ]);
      const check = (unit: string, more: object) =>
        machine.check(connectionsVerifier, { connections: { of: { process: name, unit } }, to, ...more });
      await until('connected', async () => (await check(`own${at}`, { count: 2 }))[0]?.outcome === 'pass');
      t.match(await check(`own${at}`, { sharedBetweenProcesses: false }), [
        { outcome: 'pass', expected: '0', observed: '0 (2 open, each held by one process)' },
      ]);
      t.match(await check(`shared${at}`, { sharedBetweenProcesses: true }), [{ outcome: 'pass' }]);
      const [found] = await check(`shared${at}`, { sharedBetweenProcesses: false });
      t.match(found, { outcome: 'fail', expected: '0', observed: '1' });
      const [which, who, advice] = found?.notes ?? [];
      t.match(
        which,
        /^pids \d+ \(master, fd \d+\), \d+ \(worker, fd \d+\), \d+ \(worker, fd \d+\) share socket inode \d+ \((127\.0\.0\.1:\d+ → 127\.0\.0\.1:6379|→ \/run\/redis\/redis\.sock), established\)$/,
      );
      t.match(who, new RegExp(`^pid \\d+ \\(${name}[,:] .*\\) had it open when it forked the others`));
      t.match(advice?.toLowerCase(), new RegExp(`^${name}: `));
    });
  }
});
