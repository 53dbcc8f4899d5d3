import tap from 'tap';
import { parseChecks } from '../../src/checks/parse-checks.ts';
import { takeSnapshot } from '../../src/checks/probe/take-snapshot.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import type { CheckReport } from '../../src/core/events.ts';
import { createPlugins } from '../../src/plugins.ts';
import { liveInstance, until } from '../live-instance.ts';

/** A server that means no good: one path for each of its habits. */
const SERVER = `
import os, socket, threading, time
def answer(c):
    try:
        path = c.recv(65536).split(b' ')[1]
        if path == b'/huge':
            c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 1073741824\\r\\n\\r\\n')
            block = b'galley ' * 9362
            for n in range(16400): c.sendall(block)
        elif path.startswith(b'/loop'):
            c.sendall(b'HTTP/1.1 302 Found\\r\\nLocation: ' + path + b'x\\r\\nContent-Length: 0\\r\\n\\r\\n')
        elif path == b'/binary':
            body = bytes(range(256)) * 40 + b'\\x1b[2J\\x1b]0;owned\\x07'
            c.sendall(b'HTTP/1.1 500 No\\r\\nContent-Length: %d\\r\\n\\r\\n' % len(body) + body)
        elif path == b'/drip':
            c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 100000\\r\\n\\r\\n')
            while True: c.sendall(b'.'); time.sleep(0.2)
        elif path == b'/headers':
            c.sendall(b'HTTP/1.1 200 OK\\r\\n')
            while True: c.sendall(b'X-More: ' + b'y' * 1000 + b'\\r\\n')
        elif path == b'/noise':
            c.sendall(os.urandom(5000))
    except OSError: pass
    c.close()
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('0.0.0.0', 8000)); s.listen(50)
open('/run/hostile-ready', 'w').close()
while True: threading.Thread(target=answer, args=(s.accept()[0],), daemon=True).start()
`;

/** Many processes that share their memory, and short-lived ones without end. */
const CROWD = `
use POSIX ();
$SIG{CHLD} = 'IGNORE';
for (1 .. $ARGV[0]) { my $pid = fork; die "fork: $!" unless defined $pid; if (!$pid) { POSIX::pause() while 1 } }
open my $ready, '>', "/run/crowd-ready-$ARGV[1]";
while (1) { for (1 .. 20) { my $pid = fork; POSIX::_exit(0) if defined $pid && !$pid } select undef, undef, undef, 0.02 }
`;
const [MANY, FEW] = [9500, 500];

const MiB = 1024 * 1024;
const verifiers = createPlugins({ env: {}, cacheDir: '' }).verifiers;

await tap.test('an instance that means no good', async (t) => {
  const live = await liveInstance(t, 'hostile', { hostPorts: [8000] });
  await live.write('/srv/server.py', SERVER);
  await live.write('/srv/crowd.pl', CROWD);
  await live.sh('systemd-run -q --unit server python3 /srv/server.py');
  await until('server', async () => (await live.sh('ls /run')).includes('hostile-ready'));
  const { signal } = new AbortController();

  const run = async (...items: object[]): Promise<CheckReport[]> => {
    const at = { pathPrefix: ['verifier', 'checks'], locate: () => undefined };
    const parsed = parseChecks(items, verifiers, at);
    if ('errors' in parsed) throw parsed.errors[0] ?? new Error('no error');
    return runChecks(parsed.declarations, verifiers, {
      instance: 'hostile',
      connection: live.connection,
      address: live.address,
      signal,
      takeSnapshot: (needs) => takeSnapshot(live.connection, needs, { signal }),
    });
  };
  const textOf = (reports: readonly CheckReport[]): string => JSON.stringify(reports);

  await t.test('bodies without end, redirects without end, noise', async (t) => {
    const before = process.memoryUsage().rss;
    for (const from of ['host', 'instance'] as const) {
      const url = (path: string) => ({ http: `http://localhost:8000/${path}`, from });
      const [there, absent, loop, binary, drip, headers, noise] = await run(
        { ...url('huge'), body: { contains: 'galley' }, timeout: '120s' },
        { ...url('huge'), body: { not: { contains: 'nowhere' } }, timeout: '120s' },
        { ...url('loop'), followRedirects: true },
        url('binary'),
        { ...url('drip'), timeout: '1s' },
        { ...url('headers'), timeout: '3s' },
        url('noise'),
      );
      t.match(there, { outcome: 'pass' }, `${from}: the beginning of a huge body is enough`);
      t.match(absent, { outcome: 'error' }, `${from}: but it cannot show that something is not in it`);
      t.match(loop, { outcome: 'fail', results: [{ observed: /too many redirects.*10 redirects/ }] }, from);
      t.match(binary, { outcome: 'fail', results: [{ observed: '500' }] }, from);
      t.match(drip, { outcome: 'fail', results: [{ observed: /timeout/ }] }, from);
      t.match(headers, { outcome: 'fail' }, from);
      t.match(noise, { outcome: 'fail' }, from);
      const all = textOf(
        [there, absent, loop, binary, drip, headers, noise].filter((one) => one !== undefined),
      );
      t.notMatch(all, /\\u001b|\\u0007/, 'no control characters get through');
      t.ok(all.length < 20_000, `${from}: ${all.length} characters of reports`);
    }
    const grown = (process.memoryUsage().rss - before) / MiB;
    t.ok(grown < 400, `${Math.round(grown)} MiB more`);
  });

  await t.test('output without measure', async (t) => {
    const before = process.memoryUsage().rss;
    const [big, binary, forever] = await run(
      { command: 'head -c 300000000 /dev/zero', stdout: { not: { contains: 'x' } } },
      { command: 'head -c 100000 /dev/urandom >&2; exit 3' },
      { command: 'yes', timeout: '2s' },
    );
    t.match(big, { outcome: 'error', results: [{}, { observed: /larger than 1 MiB/ }] });
    t.match(binary, { outcome: 'fail', results: [{ observed: '3' }] });
    t.match(forever, { outcome: 'error', results: [{ observed: /could not look: .*longer than 2 s/ }] });
    t.ok(textOf([big, binary, forever].filter((one) => one !== undefined)).length < 10_000);
    const grown = (process.memoryUsage().rss - before) / MiB;
    t.ok(grown < 400, `${Math.round(grown)} MiB more`);
  });

  await t.test('hostile names of files and processes', async (t) => {
    const names = [
      'new\nline',
      'tab\tand %41',
      '$(touch owned)',
      '`touch owned`',
      '"; touch owned; "',
      "it's",
      '-rf',
      '\u202eevil',
      'ü 🦊',
      ' ends with space ',
      'x'.repeat(255),
    ];
    for (const name of names) await live.write(`/srv/${name}`, name);
    const reports = await run(
      ...names.map((name) => ({ file: `/srv/${name}`, content: { equal: name }, owner: 'root' })),
      ...names.slice(0, 10).map((name) => ({ file: `/srv/${name}gone`, exists: false })),
    );
    for (const [index, report] of reports.entries())
      t.equal(
        report.outcome,
        'pass',
        `${JSON.stringify(names[index % 11])} ${JSON.stringify(report.results)}`,
      );
    t.match(await run({ file: '/owned', exists: false }), [{ outcome: 'pass' }], 'nothing was run');
    await live.sh(
      `bash -c 'exec -a "$(printf "evil\\033[2J\\n%%41\\t\\377name")" sleep 300' >/dev/null 2>&1 &`,
    );
    await until('it has its name', async () =>
      (await live.sh("grep -al '^evil' /proc/[0-9]*/cmdline || true")).includes('/proc/'),
    );
    const [seen] = await run({ process: { args: '/^evil/' } });
    t.match(seen, { outcome: 'pass' }, JSON.stringify(seen));
  });

  await t.test('times that cannot be', async (t) => {
    await live.sh("touch -d '2090-01-01' /srv/future; touch -d '1970-01-01' /srv/past");
    const [future, past] = await run(
      { process: 'systemd', startedAfter: '/srv/future' },
      { process: 'systemd', startedAfter: '/srv/past' },
    );
    t.match(future, { outcome: 'fail' });
    t.match(past, { outcome: 'pass' });
  });

  await t.test('10 000 processes, and others that vanish while they are read', async (t) => {
    for (const [count, name] of [
      [MANY, 'many'],
      [FEW, 'few'],
    ])
      await live.sh(`systemd-run -q --unit ${name} -p TasksMax=infinity perl /srv/crowd.pl ${count} ${name}`);
    await until(
      'crowd',
      async () => (await live.sh('ls /run')).match(/crowd-ready-(many|few)/g)?.length === 2,
      180_000,
    );
    const before = process.memoryUsage().rss;
    const crowd = { process: { args: '/crowd.pl/', role: 'worker' } };
    const few = { args: '/crowd.pl \\d+ few/', role: 'worker' };
    const reports = await run(
      { ...crowd, count: { gte: MANY + FEW } },
      { process: 'no-such', running: false },
      { ...crowd, user: 'nobody' },
      { port: 8000, owner: { name: 'python3' } },
      { env: { of: few, key: 'LANG' }, set: true },
      { env: { of: few, key: 'HOSTILE' } },
    );
    const outcomes = ['pass', 'pass', 'fail', 'pass', 'pass', 'fail'];
    for (const [index, report] of reports.entries()) {
      const text = textOf([report]);
      t.equal(report.outcome, outcomes[index], text.slice(0, 500));
      t.ok(text.length < 5000, 'not a line for each of them');
    }
    const steady = { process: few, count: { gte: FEW }, consistently: { for: '3s', mayRestart: true } };
    t.match(await run(steady), [{ outcome: 'pass' }]);
    const grown = (process.memoryUsage().rss - before) / MiB;
    t.ok(grown < 400, `${Math.round(grown)} MiB more`);
  });
});
