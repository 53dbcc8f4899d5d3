import tap from 'tap';
import { z } from 'zod';
import type { GalleyError } from '../core/errors.ts';
import type { Verifier } from '../core/verifier.ts';
import { matcher } from './matcher-schema.ts';
import { type ParsedChecks, parseChecks } from './parse-checks.ts';

function verifierOf<S>(
  name: string,
  spec: z.ZodType<S>,
  title: (spec: S) => string,
  repeatable = false,
): Verifier {
  const verifier: Verifier<S> = {
    name,
    description: name,
    spec,
    repeatable,
    title,
    needs: () => ({}),
    observe: async () => ({}),
    judge: () => [{ property: 'x', outcome: 'pass', expected: '', observed: '' }],
  };
  return verifier;
}

const port = verifierOf(
  'port',
  z.strictObject({
    port: z.int(),
    listening: matcher(z.boolean()).optional(),
    owner: z.strictObject({ user: matcher(z.string()).optional() }).optional(),
  }),
  (spec) => `port ${spec.port}`,
);
const http = verifierOf(
  'http',
  z.strictObject({ http: z.string(), status: matcher(z.number()).optional() }),
  (spec) => `http GET ${spec.http}`,
  true,
);
const env = verifierOf('env', z.strictObject({ env: z.unknown() }), () => 'env of uwsgi');
const command = verifierOf(
  'command',
  z.strictObject({ command: z.string(), env: z.record(z.string(), z.string()).optional() }),
  (spec) => `command ${spec.command}`,
  true,
);
const verifiers = new Map([port, http, env, command].map((one) => [one.name, one]));

/** Line numbers are made up: 100 × item + length of the rest of the path. */
const at = {
  pathPrefix: ['verifier', 'checks'],
  locate: (path: readonly (string | number)[]) => ({
    file: 'kitchen.yml',
    line: Number(path[2] ?? 0) * 100 + path.length,
  }),
};

function parse(raw: unknown): ParsedChecks {
  return parseChecks(raw, verifiers, at);
}

function declarations(raw: unknown) {
  const parsed = parse(raw);
  if ('errors' in parsed) throw parsed.errors[0];
  return parsed.declarations;
}

function errors(raw: unknown): readonly GalleyError[] {
  const parsed = parse(raw);
  return 'errors' in parsed ? parsed.errors : [];
}

await tap.test('an item is a type key, attributes and common keys', async (t) => {
  const [one] = declarations([
    {
      port: 80,
      listening: true,
      title: 'web answers',
      why: 'users',
      tags: ['smoke'],
      eventually: { within: '10s', every: '200ms', stable: 2 },
    },
  ]);
  t.match(one, {
    id: 'port.80',
    type: 'port',
    title: 'web answers',
    why: 'users',
    tags: ['smoke'],
    timing: { mode: 'eventually', withinMs: 10_000, everyMs: 200, upToMs: undefined, stable: 2 },
    spec: { port: 80, listening: { kind: 'equal', value: true } },
    location: { file: 'kitchen.yml', line: 3 },
  });
});

await tap.test('ids are derived, stable and distinct; given ids are never changed', async (t) => {
  t.same(
    declarations([
      { http: 'http://localhost/items?q=1' },
      { port: 80 },
      { port: 80 },
      { port: 81, id: 'port.80' },
      { port: 82, id: 'mine' },
    ]).map((one) => one.id),
    ['http.get-http-localhost-items-q-1', 'port.80-2', 'port.80-3', 'port.80', 'mine'],
  );
});

await tap.test('durations and shorthands', async (t) => {
  t.match(declarations([{ port: 80, eventually: '1m' }])[0]?.timing, {
    mode: 'eventually',
    withinMs: 60_000,
  });
  t.match(declarations([{ port: 80, eventually: 5 }])[0]?.timing, {
    withinMs: 5000,
    everyMs: 250,
    stable: 1,
  });
  t.match(declarations([{ port: 80, once: true }])[0]?.timing, { mode: 'once' });
  t.match(declarations([{ http: '/', repeat: 200 }])[0]?.repeat, {
    times: 200,
    concurrency: 8,
    maxFailures: 0,
  });
  t.match(declarations([{ http: '/', repeat: { times: 4, concurrency: 16 } }])[0]?.repeat, {
    concurrency: 4,
  });
});

await tap.test('a type that is also an attribute of another type is told apart', async (t) => {
  t.equal(declarations([{ env: { A: 'b' }, command: 'true' }])[0]?.type, 'command');
  t.equal(declarations([{ env: { key: 'A' } }])[0]?.type, 'env');
});

await tap.test('passwords in a derived title and id are hidden', async (t) => {
  const [one] = declarations([{ http: 'http://joe:hunter2@localhost/' }]);
  t.notMatch(`${one?.title} ${one?.id}`, /hunter2/);
});

await tap.test('each mistake is a config error with its line and the nearest known word', async (t) => {
  const rows: [unknown, string, RegExp | undefined, number][] = [
    [{ prot: 80 }, 'config.unknown_check_type', /did you mean "port"/, 4],
    [{ inspec: { profile: 'x' } }, 'config.unknown_check_type', /verifier: \{name: inspec\}/, 4],
    [{ serverspec: 'x' }, 'config.unknown_check_type', /serverspec tests .* verifier: \{name: busser\}/, 4],
    [{ port: 80, lisening: true }, 'config.unknown_key', /did you mean "listening"/, 4],
    [{ port: 80, eventualy: '3s' }, 'config.unknown_key', /did you mean "eventually"/, 4],
    [{ port: 80, owner: { usr: 'x' } }, 'config.unknown_key', /did you mean "user"/, 5],
    [{ http: '/', status: { gtee: 3 } }, 'config.unknown_key', /did you mean "gte"/, 5],
    [{ http: '/', status: { gte: 'abc' } }, 'config.invalid_value', undefined, 5],
    [{ port: 80, eventually: { within: 'soon' } }, 'config.invalid_value', undefined, 5],
    [{ port: 80, eventually: { withn: '3s' } }, 'config.unknown_key', /did you mean "within"/, 5],
    [{ port: 80, repeat: 5 }, 'config.not_repeatable', /http, command/, 4],
    [{ port: 80, once: true, eventually: '3s' }, 'config.invalid_value', undefined, 4],
    [{ port: 80, skip: true }, 'config.invalid_value', undefined, 4],
    [{ port: 80, http: '/' }, 'config.two_check_types', undefined, 3],
    [{ id: 'x' }, 'config.unknown_check_type', /port, http, env, command/, 3],
    ['port 80', 'config.invalid_value', undefined, 3],
    [{ port: 'eighty' }, 'config.wrong_type', undefined, 4],
  ];
  for (const [item, code, hint, line] of rows) {
    const found = errors([item]);
    t.equal(found.length, 1, JSON.stringify(item));
    t.match(
      found[0],
      { code, kind: 'config', location: { file: 'kitchen.yml', line } },
      JSON.stringify(item),
    );
    if (hint) t.match(found[0]?.hint, hint);
  }
});

await tap.test('of several spellings of a key, the message is about the one that was meant', async (t) => {
  const rows: [object, RegExp][] = [
    [{ http: '/', repeat: 0 }, /repeat of http check must be a number of at least 1/],
    [{ http: '/', repeat: { times: 'x' } }, /repeat\.times of http check must be a number/],
    [{ port: 80, skip: true }, /skip of port check: a skip needs a reason/],
    [{ port: 80, eventually: 'soon' }, /eventually of port check: expected a duration/],
    [{ port: 80, eventually: { stable: 0 } }, /eventually\.stable of port check must be /],
  ];
  for (const [item, message] of rows) t.match(errors([item]), [{ message }], JSON.stringify(item));
});

await tap.test('what is written under a telling name is not shown', async (t) => {
  const [error] = errors([{ command: 'true', env: { DB_PASSWORD: 4711 } }]);
  t.match(error, { code: 'config.wrong_type', expected: 'text', got: 'another value' });
  t.notMatch(JSON.stringify(error), /4711/);
});

await tap.test('all mistakes of a list are reported at once', async (t) => {
  const found = errors([
    { prot: 80 },
    { port: 80, lisening: true, tittle: 'x' },
    { http: '/', status: 'ok' },
  ]);
  t.same(
    found.map((error) => error.location?.line),
    [4, 104, 104, 204],
  );
});

await tap.test('the same id twice is an error', async (t) => {
  t.match(
    errors([
      { port: 80, id: 'a' },
      { port: 81, id: 'a' },
    ])[0],
    { code: 'config.duplicate_check_id' },
  );
});

await tap.test('having no check at all is an error', async (t) => {
  for (const raw of [undefined, null, []]) {
    t.match(errors(raw), [{ code: 'verify.no_checks', kind: 'config' }]);
  }
  t.match(errors({ port: 80 }), [{ code: 'config.invalid_value', message: /must be a list/ }]);
});

await tap.test('time: back-off, consistently and the parts of repeat', async (t) => {
  const item = { http: '/', eventually: { within: '5s', every: '100ms→3s' }, consistently: '10s' };
  t.match(declarations([item])[0], {
    timing: { everyMs: 100, upToMs: 3000 },
    consistently: { forMs: 10_000, everyMs: 500, mayRestart: false },
  });
  t.match(declarations([{ http: '/', eventually: { every: '1s -> 2s' } }])[0]?.timing, { upToMs: 2000 });
  t.match(
    declarations([{ http: '/', consistently: { for: '2s', every: '50ms', mayRestart: true } }])[0]
      ?.consistently,
    { forMs: 2000, everyMs: 50, mayRestart: true },
  );
});

await tap.test('what accepts, skips, hides and explains a check', async (t) => {
  const [, one] = declarations([
    { port: 79, id: 'first' },
    {
      port: 80,
      waive: { reason: 'ticket', until: '2027-02-28' },
      depends: 'first',
      severity: 'critical',
      evidence: '/var/log/x',
      redact: ['joe', '/\\d+/'],
      timeout: '5s',
    },
  ]);
  t.match(one, {
    waiver: { reason: 'ticket', until: '2027-02-28' },
    depends: ['first'],
    severity: 'critical',
    evidence: ['/var/log/x'],
    redact: ['joe', /\d+/g],
    timeoutMs: 5000,
  });
});

await tap.test(
  'only: names are exact or patterns; the reason of the skip is what was asked for',
  async (t) => {
    const on = (only: object) =>
      parseChecks([{ port: 80, only }], verifiers, { ...at, suite: 'web', platform: 'debian-12' });
    const skipOf = (only: object) => {
      const parsed = on(only);
      return 'errors' in parsed ? parsed.errors[0]?.message : parsed.declarations[0]?.skip;
    };
    t.equal(skipOf({ platform: 'debian-12' }), undefined);
    t.equal(skipOf({ platform: ['/^debian/', 'ubuntu-2204'], suite: 'web' }), undefined);
    t.equal(skipOf({ platform: 'debian' }), 'only on platform debian');
    t.equal(skipOf({ suite: 'db', why: 'no web there' }), 'only on suite db: no web there');
    t.match(skipOf({ platform: '/(/' }), /Invalid regular expression|invalid/i);
    t.match(skipOf({ if: 'test -e /x' }), /a condition needs a reason/);
    t.match(skipOf({}), /platform.*suite.*if/);
  },
);

await tap.test('mistakes in these keys are config errors with a way out', async (t) => {
  const rows: [object, RegExp][] = [
    [{ port: 80, depends: 'prot.80' }, /no check has the id 'prot\.80'/],
    [{ port: 80, depends: 'port.80' }, /in a circle: port\.80 → port\.80/],
    [{ port: 80, waive: { reason: 'x', until: 'soon' } }, /last day it holds/],
    [{ port: 80, waive: { reason: 'x', until: '2027-02-30' } }, /last day it holds/],
    [{ port: 80, waive: { reason: ' ', until: '2027-02-03' } }, /needs a reason/],
    [{ port: 80, waive: { until: '2027-02-03' } }, /reason/],
    [{ port: 80, skip: 'why', waive: { reason: 'x', until: '2027-02-03' } }, /needs no waiver/],
    [{ port: 80, eventually: { every: '2s→1s' } }, /shorter one first, '1s→2s'/],
    [{ port: 80, eventually: { every: 'often' } }, /'250ms→2s'/],
    [{ port: 80, consistently: { for: '1s', every: '2s' } }, /looked at only once/],
    [{ port: 80, consistently: 0 }, /longer than nothing/],
    [{ http: '/', timeout: 0 }, /longer than nothing/],
    [{ http: '/', timeout: '999h' }, /at most a week/],
    [{ port: 80, timeout: '999h' }, /at most a week/],
    [{ port: 80, eventually: { every: '999h' } }, /at most a week/],
    [{ http: '/', repeat: 3, consistently: '1s' }, /make two checks/],
    [{ http: '/', repeat: { times: 3, maxFailures: 3 } }, /every answer could be wrong/],
    [{ command: 'x', repeat: { times: 3, workers: 'all' } }, /repeat\.workers of command check: /],
    [{ port: 80, severity: 'huge' }, /severity/],
    [{ port: 80, redact: '/(/' }, /regular expression/],
  ];
  for (const [item, message] of rows) {
    const found = errors([item]);
    t.match(found, [{ kind: 'config', message }], JSON.stringify(item));
    t.equal(found.length, 1, JSON.stringify(item));
  }
  t.match(errors([{ port: 80, depends: 'port.81' }, { port: 82 }])[0]?.hint, /port\.8[02]/);
  t.match(
    errors([
      { port: 1, id: 'a', depends: 'b' },
      { port: 2, id: 'b', depends: 'a' },
    ]),
    [{ code: 'config.check_circle', message: /a → b → a/ }],
  );
});

await tap.test('an empty list is all right when that is said', async (t) => {
  t.same(parseChecks(undefined, verifiers, { ...at, allowEmpty: true }), { declarations: [] });
});

await tap.test('redact: true leaves nothing of the selector in title and id', async (t) => {
  const [one] = declarations([{ http: '/secret-path', redact: true }]);
  t.notMatch(JSON.stringify([one?.title, one?.id]), /secret-path/);
});

await tap.test(
  'a platform or suite in `only` that the kitchen does not have is told with the one that was meant',
  async (t) => {
    const siblings = { suites: ['web', 'db'], platforms: ['debian-12', 'ubuntu-24.04'] };
    const parse = (only: object) =>
      parseChecks([{ port: 80, only }], verifiers, { ...at, suite: 'web', platform: 'debian-12', siblings });
    const wrong: readonly [object, string, string][] = [
      [{ platform: 'debain-12' }, 'config.unknown_platform', 'did you mean "debian-12"?'],
      [
        { platform: ['debian-12', 'fedora'] },
        'config.unknown_platform',
        'known here: debian-12, ubuntu-24.04',
      ],
      [{ platform: '/^debain/' }, 'config.unknown_platform', 'known here: debian-12, ubuntu-24.04'],
      [{ suite: 'wbe' }, 'config.unknown_suite', 'did you mean "web"?'],
    ];
    for (const [only, code, hint] of wrong)
      t.match(parse(only), { errors: [{ code, hint }] }, JSON.stringify(only));
    for (const only of [{ platform: 'ubuntu-24.04' }, { platform: '/^fedora/' }, { suite: '/d/' }])
      t.match(parse(only), { declarations: [{ skip: /^only on/ }] }, JSON.stringify(only));
  },
);
