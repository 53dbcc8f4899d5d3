import tap from 'tap';
import { parse } from 'yaml';
import { verifiers } from '../../../test/check-table.ts';
import { processFact } from '../../../test/process-fact.ts';
import { EMPTY_SNAPSHOT } from '../../checks/snapshot-rounds.ts';
import type { ProcessFact, Snapshot, SocketFact } from '../../core/snapshot.ts';
import { refusal } from '../fit.ts';
import { writeDrafts } from '../write-drafts.ts';
import { secondLook } from './needs.ts';
import { type Answer, observed } from './observed.ts';
import { processGroups } from './process-groups.ts';
import { sectionsOf } from './sections.ts';

const process = (pid: number, comm: string, more: Partial<ProcessFact> = {}): ProcessFact =>
  processFact(pid, { comm, startedAt: 0, unit: `${comm}.service`, ...more });
const socket = (localPort: number, pids: readonly number[], more: Partial<SocketFact> = {}): SocketFact => ({
  protocol: 'tcp',
  family: 'ipv4',
  state: 'listen',
  localAddress: '0.0.0.0',
  localPort,
  remoteAddress: '0.0.0.0',
  remotePort: 0,
  inode: localPort,
  uid: 0,
  pids,
  ...more,
});
const EMPTY: Snapshot = { ...EMPTY_SNAPSHOT, takenAt: 100, via: 'exec' };
const workers = [11, 12].map((pid) => process(pid, 'app', { ppid: 10, user: 'www', unit: 'app.service' }));
const PROCESSES = [
  process(1, 'systemd'),
  process(5, 'kthread', { args: [] }),
  process(10, 'app', { args: ['app', '--config=/etc/app.ini'] }),
  ...workers,
  process(20, 'my odd title', { exe: '/opt/very-long-program-name', args: ['x'] }),
];

interface Given {
  readonly sockets?: readonly SocketFact[];
  readonly later?: Partial<Snapshot>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly answers?: readonly Answer[];
  readonly first?: Partial<Snapshot>;
  readonly resources?: readonly string[];
  readonly companions?: Parameters<typeof observed>[0]['companions'];
}

/** What is written, as text; each check is one that the real types take. */
function written(t: { equal(a: unknown, b: unknown, m: string): void }, given: Given): string {
  const { sockets = [], later, variables = {}, answers = [], first, resources = [], companions = {} } = given;
  const names = Object.keys(variables).join('\n');
  const pids = [10, 11, 12];
  const seen = observed({
    first: {
      ...EMPTY,
      processes: PROCESSES,
      sockets,
      environ: pids.map((pid) => ({
        pid,
        key: '*',
        live: names,
        liveError: undefined,
        atExec: names,
        atExecError: undefined,
      })),
      ...first,
    },
    second: {
      ...EMPTY,
      processes: PROCESSES,
      sockets,
      environ: pids.flatMap((pid) =>
        Object.entries(variables).map(([key, live]) => ({
          pid,
          key,
          live,
          liveError: undefined,
          atExec: live,
          atExecError: undefined,
        })),
      ),
      ...later,
    },
    answers,
    resources: resources.map((resource) => ({
      resource,
      action: 'create',
      status: 'updated',
      durationMs: 1,
    })),
    companions,
  });
  const sections = sectionsOf(seen);
  for (const { item } of sections.flatMap(({ drafts }) => drafts))
    t.equal(refusal(item, verifiers), undefined, JSON.stringify(item));
  return writeDrafts([], sections);
}

const checksOf = (text: string): readonly Record<string, unknown>[] =>
  (parse(text) as { checks: Record<string, unknown>[] }).checks;

await tap.test('values that could be secret are never written', async (t) => {
  const variables = {
    API_TOKEN: 'hunter2',
    PATH: '/usr/bin',
    APP_ENV: 'production',
    SECRET_MODE: 'hunter2-mode',
    DATABASE_URL: 'postgres://app:hunter2@db:5432/shop?sslpassword=hunter2',
    SENTRY_DSN: 'https://hunter2@sentry.test/hunter2',
    HOOK: 'https://hooks.test/services/hunter2?x=hunter2#hunter2',
    BROKEN_URL: 'postgres://app:hunter2/hunter2@db/x',
    NOTE: 'postgres is at hunter2',
  };
  const text = written(t, { variables });
  t.notMatch(text, /hunter2/);
  const env = checksOf(text).filter((one) => 'env' in one);
  const of = { process: 'app', role: 'worker' };
  t.match(env, [
    { env: { of, key: 'API_TOKEN' } },
    { env: { of, key: 'APP_ENV' }, value: 'production' },
    {},
    {
      env: { key: 'DATABASE_URL' },
      url: { scheme: 'postgres', host: 'db', port: 5432, user: 'app', db: 'shop' },
    },
    { env: { key: 'HOOK' }, url: { scheme: 'https', host: 'hooks.test' } },
    { env: { key: 'NOTE' } },
    { env: { key: 'SECRET_MODE' } },
    { env: { key: 'SENTRY_DSN' }, url: { scheme: 'https', host: 'sentry.test' } },
  ]);
  t.notOk(
    env.some((one) => JSON.stringify(one).includes('"PATH"')),
    'what every process has says nothing',
  );
});

await tap.test('the URL of a companion is written as a reference, and survives as one', async (t) => {
  const url = 'postgres://app:hunter2@db:5432/shop';
  const db = { host: 'db', port: 5432, url, user: 'app', password: 'hunter2', database: 'shop', env: {} };
  const text = written(t, { variables: { DATABASE_URL: url, PGPASSWORD: 'hunter2' }, companions: { db } });
  t.match(text, /value: \$\{services\.db\.url\}\n/);
  t.match(text, /value: \$\{services\.db\.password\}\n/);
  t.match(text, /- addr: db:5432\n/);
  t.notMatch(text, /hunter2/);
});

await tap.test('ports: owners, only inside, no name servers, no passing ones', async (t) => {
  const text = written(t, {
    sockets: [
      socket(80, [10, 11]),
      socket(80, [10], { localAddress: '::', family: 'ipv6' }),
      socket(9000, [10], { localAddress: '127.0.0.1' }),
      socket(40_000, [10], { protocol: 'udp' }),
      socket(37_001, [], { localAddress: '127.0.0.11' }),
      socket(53, [1]),
      socket(0, [11], { protocol: 'unix', family: 'unix', localAddress: '/run/app.sock' }),
      socket(0, [11], { protocol: 'unix', family: 'unix', localAddress: '@abstract' }),
    ],
  });
  t.same(
    checksOf(text).filter((one) => 'port' in one),
    [
      { port: 80, owner: { name: 'app' } },
      { port: 9000, address: { only: ['127.0.0.1'] }, owner: { name: 'app' } },
      { port: '/run/app.sock', owner: { name: 'app' } },
    ],
  );
});

await tap.test('a connection that several hold is a warning, not a check that blesses it', async (t) => {
  const to = { state: 'established', remoteAddress: '10.0.0.9', remotePort: 5432 } as const;
  const good = written(t, { sockets: [socket(50_000, [11], to), socket(50_001, [12], to)] });
  t.match(
    checksOf(good).filter((one) => 'connections' in one),
    [{ to: '10.0.0.9:5432', count: { gte: 1 }, sharedBetweenProcesses: 0 }],
  );
  const bad = written(t, { sockets: [socket(50_000, [11, 12], to)] });
  t.same(
    checksOf(bad).filter((one) => 'connections' in one),
    [],
  );
  t.match(bad, /# one of these connections is held by several processes now[^]*# - \{?connections:/);
});

await tap.test('answers: what stays, and nothing that nobody can have meant', async (t) => {
  const answer = (more: Partial<Answer>): Answer => ({
    port: 80,
    scheme: 'http',
    path: '/',
    status: 200,
    headers: {},
    body: '',
    ...more,
  });
  const html = { 'content-type': ['text/html; charset=utf-8'] };
  const text = written(t, {
    answers: [
      answer({ headers: html, body: '<html><TITLE lang="en">\n A (shop) </TITLE>' }),
      answer({
        path: '/health',
        headers: { 'content-type': ['application/json'] },
        body: '{"status":"up","at":17}',
      }),
      answer({ port: 8080, status: 502 }),
      answer({ port: 8443, scheme: 'https', status: 302 }),
    ],
  });
  t.same(
    checksOf(text).filter((one) => 'http' in one),
    [
      {
        http: '/',
        from: 'instance',
        status: 200,
        headers: { 'content-type': { startsWith: 'text/html' } },
        body: { matches: '/<title[^>]*>\\s*A \\(shop\\)/i' },
      },
      {
        http: '/health',
        from: 'instance',
        status: 200,
        headers: { 'content-type': { startsWith: 'application/json' } },
        json: { status: 'up' },
      },
      { http: 'https://localhost:8443/', insecure: true, from: 'instance', status: 302 },
    ],
  );
  t.match(text, /# it answered 502, which nobody can have meant[^]*# - \{http: \/, port: 8080/);
  t.match(text, /# - http: \/health\n[^]*repeat: \{times: 100/);
});

await tap.test(
  'processes by role, newer than their configuration; what Chef did is written as comments',
  async (t) => {
    const resources = [
      'template[/etc/app.ini]',
      'package[a, b]',
      'service[app]',
      'execute[x]',
      'file[relative]',
      'apt_update[x]',
    ];
    const fact = {
      path: '/etc/app.ini',
      exists: true,
      type: 'file',
      owner: 'root',
      group: 'www',
      mode: 0o640,
    } as const;
    const text = written(t, { resources, later: { files: [fact] } });
    t.same(
      checksOf(text).filter((one) => 'process' in one),
      [
        { process: { name: 'app', role: 'worker' }, count: 2, user: 'www', startedAfter: '/etc/app.ini' },
        { process: 'very-long-program-name', count: 1, user: 'root' },
      ],
    );
    t.match(
      text,
      /  # - \{file: \/etc\/app.ini, type: file, owner: root, group: www, mode: "0640"\}\n  # - package: a\n  # - package: b\n/,
    );
    const first = { ...EMPTY, processes: PROCESSES };
    const needs = secondLook({
      groups: processGroups(first),
      first,
      companions: {},
      resources: resources.map((resource) => ({ resource, action: 'x', status: 'updated', durationMs: 1 })),
    });
    t.same(needs.units, ['app.service', 'my odd title.service', 'app']);
    t.same(needs.files, [{ path: '/etc/app.ini', content: false }]);
  },
);

await tap.test('jobs: passwords in commands are left out, and what every machine has', async (t) => {
  const job = (command: string, file = '/etc/cron.d/x') => ({
    schedule: '1 2 * * *',
    user: 'u',
    command,
    file,
    kind: 'crontab' as const,
  });
  const cron = [
    job('/opt/backup nightly --to /srv'),
    job('/usr/bin/mysqldump -phunter2 x'),
    job('/x --password=hunter2'),
    job('/y a:hunter2 b'),
    job('PASSWORD=hunter2 /z'),
    job('/usr/lib/php/sessionclean'),
    { ...job('apt.service', 'apt-daily.timer'), kind: 'timer' as const },
  ];
  const text = written(t, { first: { cron } });
  t.notMatch(text, /hunter2|sessionclean|apt-daily/);
  t.same(
    checksOf(text)
      .filter((one) => 'cron' in one)
      .map((one) => one['cron']),
    [
      { command: '/opt/backup nightly', user: 'u' },
      { command: '/usr/bin/mysqldump', user: 'u' },
      { command: '/x', user: 'u' },
      { command: '/y', user: 'u' },
      { file: '/etc/cron.d/x', user: 'u' },
    ],
  );
});
