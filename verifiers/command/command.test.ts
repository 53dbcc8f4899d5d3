import tap from 'tap';
import type { CheckResult, Repeat } from '../../src/core/check.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { LocalConnection } from '../../test/local-connection.ts';
import { commandVerifier } from './index.ts';

async function check(item: object, repeat?: Repeat): Promise<readonly CheckResult[]> {
  const spec = commandVerifier.spec.parse(item);
  const probe = {
    connection: new LocalConnection('/', process.env),
    signal: new AbortController().signal,
    repeat,
  };
  return commandVerifier.judge(spec, await commandVerifier.observe(spec, probe as unknown as Probe));
}

await tap.test(
  'exit 0 is expected by default, and a failure shows the last words of the command',
  async (t) => {
    t.match(await check({ command: 'true' }), [{ property: 'exit', outcome: 'pass' }]);
    t.match(await check({ command: 'echo so sorry >&2; exit 3' }), [
      { property: 'exit', outcome: 'fail', expected: '0', observed: '3', notes: ['stderr: so sorry'] },
    ]);
    t.match(await check({ command: 'exit 3', exit: 3 }), [{ outcome: 'pass' }]);
  },
);

await tap.test('output, environment, input, folder and duration', async (t) => {
  const results = await check({
    command: 'cat; echo "$GREETING from $PWD"; echo careful >&2',
    env: { GREETING: 'hello' },
    stdin: 'in\n',
    cwd: '/',
    stdout: ['in', '/^hello from \\/$/'],
    stderr: 'careful',
    duration: { lt: 20_000 },
  });
  t.same(
    results.map((result) => [result.property, result.outcome]),
    [
      ['exit', 'pass'],
      ['stdout', 'pass'],
      ['stderr', 'pass'],
      ['duration', 'pass'],
    ],
  );
  const bad = await check({ command: 'echo one', stdout: 'two', stderr: 'x', duration: { gt: 20_000 } });
  t.same(
    bad.map((result) => result.outcome),
    ['pass', 'fail', 'fail', 'fail'],
  );
});

await tap.test('a list is run without a shell', async (t) => {
  t.match(await check({ command: ['echo', '$HOME; x'], stdout: '$HOME; x' }), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
});

await tap.test('a failed command is one failure, not also a wrong output', async (t) => {
  t.equal((await check({ command: 'exit 1', stdout: 'x', stderr: 'y' })).length, 1);
});

await tap.test('a command that cannot be run is an error, also when a failure was wanted', async (t) => {
  t.match(await check({ command: 'no-such-command-here', exit: { not: 0 } }), [
    { outcome: 'error', observed: /could not look: command not found/ },
  ]);
  t.match(await check({ command: 'exit 127', exit: 127 }), [{ outcome: 'pass' }]);
});

await tap.test('a command that takes too long is an error', async (t) => {
  await t.rejects(check({ command: 'exec sleep 20', timeout: '100ms' }), { code: 'transport.timeout' });
});

await tap.test('repeat groups its failures and fills in tokens', async (t) => {
  const repeat = { times: 12, concurrency: 4, maxFailures: 0 };
  t.match(await check({ command: 'echo ${token} ${number}', stdout: '${token} ${number}' }, repeat), [
    { property: 'repeat', outcome: 'pass', observed: 'all 12 pass' },
  ]);
  t.match(await check({ command: 'echo ${token}', stdout: 'galley' }, repeat), [
    { outcome: 'fail', expected: '12 of 12 pass', observed: /12 of 12 fail/ },
  ]);
  t.match(await check({ command: 'exit 2' }, { ...repeat, maxFailures: 12 }), [{ outcome: 'pass' }]);
});

await tap.test('token: each run must print its own', async (t) => {
  const repeat = { times: 5, concurrency: 2, maxFailures: 0, token: true };
  t.match(await check({ command: 'echo ${number}' }, repeat), [{ outcome: 'pass' }]);
  t.match(await check({ command: ': ${token}; echo x' }, repeat), [
    { outcome: 'fail', observed: /^5 of 5 fail: 5 × token it is not in the output$/ },
  ]);
  const refused = (item: object, more: object) =>
    commandVerifier.refuseRepeat?.(commandVerifier.spec.parse(item), { ...repeat, token: false, ...more })
      ?.key;
  t.equal(refused({ command: 'true' }, { token: true }), 'token');
  t.equal(refused({ command: 'true' }, { workers: 2 }), 'workers');
  t.equal(refused({ command: 'true' }, { connection: 'new' }), 'connection');
  t.equal(refused({ command: 'true', env: { A: '${token}' } }, { token: true }), undefined);
});

await tap.test('malformed commands are refused', async (t) => {
  for (const item of [
    { command: '' },
    { command: [] },
    { command: 'true', exit: 'x' },
    { command: 'true', timeout: 'x' },
    { command: ['true'], shell: 'bash' },
    { command: 'true', json: { a: { nope: 1 } } },
  ]) {
    t.equal(commandVerifier.spec.safeParse(item).success, false, JSON.stringify(item));
  }
});

await tap.test('JSON that it printed', async (t) => {
  const command = `echo '{"items": [{"name": "nut"}], "db": {"password": "n0t-s3cret"}}'`;
  t.match(await check({ command, json: { 'items[0].name': 'nut' } }), [{}, { outcome: 'pass' }]);
  t.match(await check({ command, json: { 'items.length': 2 } }), [{}, { outcome: 'fail', observed: '1' }]);
  const secret = await check({ command, json: { 'db.password': 'x' } });
  t.notMatch(JSON.stringify(secret), 'n0t-s3cret');
  t.match(await check({ command: 'echo no', json: { a: { absent: true } } }), [
    {},
    { outcome: 'fail', observed: 'the output is not JSON', notes: ['stdout: no'] },
  ]);
});

await tap.test('a script of many lines, and its shell', async (t) => {
  const command = 'set -e\nfor n in 1 2; do\n  echo "n=$n"\ndone\nfalse\necho never\n';
  t.match(await check({ command, exit: 1, stdout: { not: { contains: 'never' } } }), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.match(await check({ command: 'false\necho on', stdout: 'on' }), [
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.match(await check({ command: 'false\necho on', shell: 'sh -e' }), [{ outcome: 'fail' }]);
  t.match(await check({ command: 'false | true', shell: ['bash', '-o', 'pipefail'] }), [{ outcome: 'fail' }]);
  await t.rejects(check({ command: 'true', shell: 'no-such-shell-here', exit: { not: 0 } }), {
    code: 'transport.cannot_run',
  });
});
