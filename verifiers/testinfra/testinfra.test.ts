import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { pytestCommand, targetOf, testsOf } from './command.ts';
import { findPytest } from './find-pytest.ts';
import { pytestCases, readXml } from './results.ts';
import { TestinfraSettings } from './settings.ts';

const settings = (given: object = {}) => TestinfraSettings.parse(given);
const INSTANCE = { name: 'default-x', suite: 'default', platform: 'x' };
const HOST = 'docker://0123456789abcdef';
const noSsh = () => ({ keyFiles: [], options: [] });

await tap.test('pytest’s results: failed assertions fail, other exceptions could not look', async (t) => {
  const xml = readFileSync(join(import.meta.dirname, 'fixtures/pytest-7.2.1.xml'), 'utf8');
  const report = await readXml(xml);
  if (report === undefined) throw new Error('the fixture is not read');
  const cases = pytestCases(report, { host: HOST, label: HOST, folder: '' });
  t.same(
    cases.map(({ title, outcome, location }) => [title, outcome, location?.line]),
    [
      ['test_a.py::test_passwd', 'pass', 2],
      ['test_a.py::test_marker', 'fail', 9],
      ['test_a.py::test_package[bash]', 'pass', 11],
      ['test_a.py::test_package[nginx]', 'fail', 13],
      ['test_a.py::test_tls', 'skip', 15],
      ['test_a.py::test_known', 'waived', 19],
      ['test_a.py::test_fixture', 'error', 25],
      ['test_a.py::test_socket', 'error', 31],
      ['test_a.py::TestGroup::test_in', 'pass', 34],
      ['test_a.py::TestGroup::test_boom', 'error', 37],
    ],
  );
  const observed = Object.fromEntries(
    cases.map((one) => [one.title.slice('test_a.py::'.length), one.observed]),
  );
  t.match(observed, {
    test_marker: 'no marker',
    test_tls: 'not run: no TLS here',
    test_fixture: 'failed on setup with "RuntimeError: fixture broke"',
    test_socket: /^RuntimeError: could not use the Socket module, either "ss" or "netstat"/,
  });
  t.match(cases[1]?.notes, ['assert False', ' +  where False = <file /marker>.exists']);
  t.match(cases[5]?.waiver, { reason: 'known bug 12' });
});

await tap.test('what is no JUnit XML is not read', async (t) => {
  t.equal(await readXml(''), undefined);
  t.equal(await readXml('<html></html>'), undefined);
});

await tap.test(
  'testinfra gets to containers, over SSH as the transport does, and not over SSM',
  async (t) => {
    t.same(targetOf({ kind: 'docker', containerId: 'abc', engine: 'unix:///x' }, noSsh, settings()), {
      host: 'docker://abc',
      label: 'docker://abc',
      options: [],
    });
    const ssh = { kind: 'ssh', host: '10.0.0.1', port: 2222, username: 'admin' } as const;
    const words = () => ({
      keyFiles: [],
      options: ['-i', '/k/id', '-o', 'ProxyCommand=nc %h %p', '-J', 'a@b:22'],
    });
    t.same(targetOf(ssh, words, settings()), {
      host: 'ssh://admin@10.0.0.1:2222',
      label: 'ssh://10.0.0.1',
      options: ['--sudo'],
      sshConfig:
        'Host *\nBatchMode yes\nIdentityFile "/k/id"\nProxyCommand nc %h %p\nProxyJump a@b:22\nInclude ~/.ssh/config /etc/ssh/ssh_config\n',
    });
    t.same(targetOf({ ...ssh, username: 'root' }, noSsh, settings())?.options, []);
    t.same(targetOf(ssh, noSsh, settings({ sudo: false }))?.options, []);
    t.equal(targetOf({ kind: 'ssm', instanceId: 'i', region: 'r' }, noSsh, settings()), undefined);
  },
);

await tap.test('the command quotes what the kitchen says', async (t) => {
  const command = pytestCommand({
    executable: '/bin/pytest',
    root: '/my kitchen',
    target: { host: 'docker://abc', options: [] },
    tests: ['test/a b'],
    xml: '/tmp/x.xml',
    cache: '/tmp/c',
    options: ['-m', 'not slow'],
  });
  t.equal(
    command,
    "/bin/pytest --hosts=docker://abc '--rootdir=/my kitchen' --junit-xml=/tmp/x.xml --override-ini=junit_family=xunit1 --override-ini=cache_dir=/tmp/c --color=no -m 'not slow' 'test/a b'",
  );
});

await tap.test('the suite’s own tests, or those that are named', async (t) => {
  const root = t.testdir({
    test: { integration: { default: { 'test_a.py': '', testinfra: {} }, other: {} } },
  });
  t.same(testsOf(root, INSTANCE, settings()), ['test/integration/default/testinfra']);
  t.same(testsOf(root, { ...INSTANCE, suite: 'other' }, settings()), ['test/integration/other']);
  const named = settings({ tests: 'test/integration/default/test_a.py::test_one' });
  t.same(testsOf(root, INSTANCE, named), named.tests);
  t.throws(() => testsOf(root, { ...INSTANCE, suite: 'none' }, settings()), { code: 'testinfra.no_tests' });
  t.throws(() => testsOf(root, INSTANCE, settings({ tests: ['test', 'nope'] })), {
    message: 'there is no nope',
    settingsPath: ['tests', 1],
  });
});

await tap.test('what is missing is named with what to install', async (t) => {
  const bin = t.testdir({ bin: {} });
  const error = {
    code: 'testinfra.not_installed',
    kind: 'infrastructure',
    hint: /apt-get install python3-testinfra/,
  };
  t.throws(() => findPytest('/', null, join(bin, 'bin')), error);
  t.throws(() => findPytest('/', './venv/bin/pytest', join(bin, 'bin')), error);
  mkdirSync(join(bin, 'bin'), { recursive: true });
  writeFileSync(join(bin, 'bin/pytest-3'), '', { mode: 0o755 });
  t.equal(findPytest('/', null, join(bin, 'bin')), join(bin, 'bin/pytest-3'));
});
