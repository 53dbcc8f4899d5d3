import tap from 'tap';
import { urlDifference, urlParts } from '../../src/checks/url-parts.ts';
import type { EnvironFact, ProcessFact } from '../../src/core/snapshot.ts';
import { processFact } from '../../test/process-fact.ts';
import { likelyCauses } from './causes.ts';
import { pathsOf, valuesIn } from './evidence.ts';
import type { EnvFacts } from './facts.ts';
import { judgeEnv } from './judge.ts';
import { envSpec } from './schema.ts';

const NOW = 1795000000;
const worker = (pid: number, startedAt = NOW): ProcessFact =>
  processFact(pid, {
    ppid: 70,
    comm: 'uwsgi',
    exe: '/usr/bin/uwsgi-core',
    uid: 33,
    user: 'www-data',
    startedAt,
    unit: 'app.service',
  });
const fact = (
  pid: number,
  live: string | null | undefined,
  more: Partial<EnvironFact> = {},
): EnvironFact => ({
  pid,
  key: 'DATABASE_URL',
  live,
  liveError: live === undefined ? 'no right to read its memory (needs root with CAP_SYS_PTRACE)' : undefined,
  atExec: live ?? null,
  atExecError: undefined,
  ...more,
});
const facts = (environ: readonly EnvironFact[], more: Partial<EnvFacts> = {}): EnvFacts => ({
  processes: environ.map((one) => worker(one.pid)),
  environ,
  units: [],
  file: undefined,
  mentions: [],
  via: 'exec, perl',
  ...more,
});
const judge = (raw: object, given: EnvFacts) =>
  judgeEnv(envSpec.parse({ env: { of: 'uwsgi', key: 'DATABASE_URL' }, ...raw }), given);
const RIGHT = 'postgres://app:correct1@db/shop';
const WRONG = 'postgres://app:wrong@db/shop';

await tap.test('a stale worker is named with its pid and start time, passwords are never shown', (t) => {
  const [result] = judge(
    { value: RIGHT },
    facts(
      [71, 72, 73, 74].map((pid) => fact(pid, pid === 73 ? WRONG : RIGHT)),
      {
        processes: [worker(71), worker(72), worker(73, NOW - 200), worker(74)],
      },
    ),
  );
  t.match(result, {
    property: 'value',
    outcome: 'fail',
    expected: '"postgres://app:‹8 chars›@db/shop" in each of 4 processes',
    observed:
      /^3 of 4 ok; pid 73 \(uwsgi, www-data, started [\d:.]+ UTC\): password differs \(5 chars, expected 8 chars\)$/,
    source: 'live environ of 4 processes, via exec, perl',
    notes: [/pid 73 started .* not restarted since the change/],
  });
  t.notMatch(JSON.stringify(result), /wrong|correct1/);
  t.end();
});

await tap.test(
  'what cannot be read is an error, also for a negative check, unless another process is wrong',
  (t) => {
    t.match(judge({ value: RIGHT }, facts([fact(71, RIGHT), fact(72, undefined)])), [
      { outcome: 'error', observed: /could not look: 1 of 2 processes \(pid 72\): no right/ },
    ]);
    t.match(judge({ set: false }, facts([fact(71, null), fact(72, undefined)])), [{ outcome: 'error' }]);
    t.match(judge({ value: RIGHT }, facts([fact(71, WRONG), fact(72, undefined)])), [{ outcome: 'fail' }]);
    t.match(judge({ set: false }, facts([fact(71, 'x'), fact(72, undefined)])), [
      { outcome: 'fail', observed: /pid 71 .*: set \("x"\)/ },
    ]);
    t.match(judge({}, { ...facts([]), processes: [worker(71)] }), [
      { outcome: 'error', observed: /ended while being read/ },
    ]);
    t.match(
      judge({ set: false }, facts([])),
      [{ outcome: 'fail', property: 'of' }],
      'no process proves nothing',
    );
    t.end();
  },
);

await tap.test('live and at start differ: set at run time, removed at run time', (t) => {
  t.match(judge({ value: RIGHT }, facts([fact(71, RIGHT, { atExec: null })])), [
    { outcome: 'pass', notes: [/set at run time \(putenv/] },
  ]);
  t.match(judge({}, facts([fact(71, null, { atExec: 'x' })])), [
    { outcome: 'fail', notes: [/set at start and is not any more/] },
  ]);
  t.end();
});

await tap.test('only the unit has it: not restarted', (t) => {
  const unit = {
    unit: 'app.service',
    manager: 'systemd',
    known: true,
    active: 'active',
    sub: 'running',
    enabled: 'enabled',
    mainPid: 70,
    restarts: 0,
    result: 'success',
    environment: { DATABASE_URL: RIGHT },
    needsReload: false,
  } as const;
  const [value, unitValue] = judge(
    { value: RIGHT, unitValue: RIGHT },
    facts([fact(71, null)], { units: [unit] }),
  );
  t.match(value, {
    outcome: 'fail',
    notes: [
      /app\.service \(as loaded\) has the expected value: the processes were not restarted since \(systemctl restart app\.service\)/,
    ],
  });
  t.match(unitValue, { outcome: 'pass' });
  t.match(judge({ unitValue: RIGHT }, facts([fact(71, null)])), [
    { outcome: 'error', observed: /does not know app\.service/ },
  ]);
  t.end();
});

await tap.test('parts of a URL, percent-decoded, with the scheme’s own port', (t) => {
  t.match(
    judge(
      {
        url: {
          scheme: 'postgresql+psycopg2',
          host: 'db',
          port: 5432,
          user: 'a@b',
          db: 'shop',
          password: { not: 'old' },
        },
      },
      facts([fact(71, 'postgresql+psycopg2://a%40b:p%2Fw@db/shop?sslmode=off')]),
    ),
    Array.from({ length: 6 }, () => ({ outcome: 'pass' })),
  );
  t.match(judge({ url: { host: 'db' } }, facts([fact(71, 'nonsense')])), [
    { outcome: 'fail', observed: /no URL \(8 chars\)/ },
  ]);
  const [password] = judge({ url: { password: 'new!' } }, facts([fact(71, RIGHT)]));
  t.match(password, { outcome: 'fail' });
  t.notMatch(JSON.stringify(password), /correct1|new!/);
  t.same(urlParts('redis://:pw@[::1]:6380/0'), {
    scheme: 'redis',
    host: '::1',
    port: 6380,
    user: '',
    password: 'pw',
    db: '0',
  });
  t.equal(
    urlDifference('postgres://u:aa@db/x?password=hidden1', 'postgres://u:aa@db/x'),
    'query differs (16 chars, expected none)',
  );
  t.equal(
    urlDifference('postgres://u:aa@db/x', 'postgres://u:bb@db2/y'),
    'host db, expected db2; db x, expected y; password differs (2 chars, expected 2 chars)',
  );
  t.end();
});

await tap.test('guesses how a value was changed on the way', (t) => {
  t.match(likelyCauses('"a b"', 'a b'), [/quotes/]);
  t.match(likelyCauses('a', 'a b'), [/cut at " "/]);
  t.match(likelyCauses('u:p0d', 'u:p%40d'), [/write %%/]);
  t.match(likelyCauses('100%%', '100%'), [/not turned into %/]);
  t.match(likelyCauses('a ', 'a'), [/white space/]);
  t.match(likelyCauses('x/root', 'x$(HOME)'), [/expanded/]);
  t.same(likelyCauses('b', 'a'), []);
  t.end();
});

await tap.test('a process that ended while being read is no error, unless it was the only one', (t) => {
  const gone = (pid: number) =>
    fact(pid, undefined, { liveError: 'gone', atExec: undefined, atExecError: 'gone' });
  t.match(judge({ value: RIGHT }, facts([fact(71, RIGHT), gone(72)])), [
    { outcome: 'pass', source: /of 1 process \(1 more ended while being read\)/ },
  ]);
  t.match(judge({ set: false }, facts([gone(71)])), [
    { outcome: 'error', observed: /ended while being read/ },
  ]);
  t.end();
});

await tap.test('changed since exec: how, by process; an error where either side is not known', (t) => {
  const changed = (wanted: boolean, ...given: EnvironFact[]) =>
    judge({ changedSinceExec: wanted }, facts(given));
  const same = fact(71, 'a');
  t.match(changed(false, same), [{ property: 'changedSinceExec', outcome: 'pass', observed: 'as at start' }]);
  t.match(changed(true, same), [{ outcome: 'fail', observed: /pid 71 .*: as at start/ }]);
  t.match(changed(false, same, fact(72, 'b', { atExec: null })), [
    { outcome: 'fail', observed: /^1 of 2 ok; pid 72 .*: set since start \(putenv\)/ },
  ]);
  t.match(changed(false, fact(71, null, { atExec: 'b' })), [{ observed: /removed since start/ }]);
  t.match(changed(false, fact(71, 'a', { atExec: 'b' })), [{ observed: /another value since start/ }]);
  const unknown = fact(72, 'a', { atExec: undefined, atExecError: 'its block at start was overwritten' });
  t.match(changed(false, same, unknown), [
    {
      outcome: 'error',
      observed: /1 of 2 processes \(pid 72\): its block/,
      notes: [/live environment has it \(1 chars\)/],
    },
  ]);
  t.end();
});

await tap.test('no part of a login that is not well encoded is shown, and no token', (t) => {
  const shown = (value: string, wanted = 'postgres://u:p@db/x') =>
    JSON.stringify([
      judge({ value: wanted, url: { host: 'db', user: 'u', port: 5432 } }, facts([fact(71, value)])),
      judge({ value: 'postgres://other:pw@h/y' }, facts([fact(71, wanted)])),
    ]);
  for (const value of [
    'postgres://u:8675/309@db/x',
    'postgres://u:8675#309@db/x',
    'postgres://u:8675?309@db/x',
  ]) {
    t.notMatch(shown(value), /8675|309/, value);
    t.match(shown(value), /before the @ must be percent-encoded/);
  }
  t.notMatch(shown('https://t0ken4711@db/x'), /t0ken4711/);
  t.notMatch(shown('https://db/x', 'https://t0ken4711@db/x'), /t0ken4711/);
  t.same(urlParts('redis://cache:6379/0?client=a'), { ...urlParts('redis://cache:6379/0') });
  t.end();
});

await tap.test('a plain value is shown, one that may be secret by name or looks is not', async (t) => {
  const of = (key: string, live: string, raw: object) => {
    const given = facts([fact(71, live, { key })]);
    return judgeEnv(envSpec.parse({ env: { of: 'uwsgi', key }, ...raw }), given)[0];
  };
  t.match(of('RAILS_ENV', 'development', { value: 'production' }), {
    outcome: 'fail',
    expected: '"production"',
    observed: /^pid 71 .*: "development"$/,
  });
  t.match(of('PORT', '8080', { value: '8080' }), { outcome: 'pass', observed: '"8080"' });
  t.match(of('LANG', 'C.UTF-8', { value: { matches: 'utf8$' } }), {
    expected: 'matches /utf8$/',
    observed: /: "C.UTF-8"$/,
  });
  t.match(of('LANG', 'C', { set: false }), { observed: /: set \("C"\)$/ });
  t.match(of('API_KEY', 'sesame', { value: 'other' }), {
    expected: '‹5 chars›',
    observed: /: differs \(6 chars, expected 5\)$/,
  });
  t.match(of('MODE', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a', { value: 'production' }), {
    observed: /: differs \(40 chars, expected 10\)$/,
  });
  t.match(of('DATABASE_URL', RIGHT, { value: { contains: 'correct1@' } }), {
    outcome: 'pass',
    expected: 'contains ‹9 chars›',
    observed: '"postgres://app:‹8 chars›@db/shop"',
  });
});

await tap.test('what a file may give a variable', (t) => {
  const text = 'env = A=1%%2\nA="q v"\n  export A=x\nBA=no\nraw_env = ["A=list"]\n';
  const values = valuesIn(text, '/srv/x.ini', 'A');
  for (const value of ['1%2', 'q v', 'x', 'list']) t.ok(values.includes(value), value);
  t.notOk(values.includes('no'));
  t.ok(valuesIn('whole\n', '/etc/app/env/A', 'A').includes('whole'), 'a folder with a file for each');
  const selected = [{ ...worker(71), args: ['uwsgi', '--ini', '/srv/a.ini', '--touch-reload=/srv/b'] }];
  t.same(pathsOf(selected, selected, []), ['/srv/a.ini', '/srv/b']);
  t.end();
});

await tap.test('refuses contradictions', (t) => {
  const bad = [{ set: false, value: 'x' }, { value: 'a', each: 'b' }, { url: {} }, { valeu: 'x' }];
  for (const more of bad)
    t.notOk(envSpec.safeParse({ env: { of: 'a', key: 'K' }, ...more }).success, JSON.stringify(more));
  t.notOk(envSpec.safeParse({ env: { of: 'a', key: 'A=B' } }).success);
  t.end();
});
