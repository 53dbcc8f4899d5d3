import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import tap from 'tap';
import type { CheckReport } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';

// Real pytest with testinfra against a real instance: red first, then repaired.
const KITCHEN = (executable: string): string => `
driver: {name: docker, init: none, image: galley/debian-12-base}
provisioner: {name: shell, command: "true"}
verifier: {name: testinfra, executable: ${executable}, options: [-m, not slow], env: {WORD: done}}
platforms: [{name: debian-12}]
suites: [{name: default}]
`;
const TESTS = `import os
import pytest


@pytest.mark.parametrize("name", ["bash", "base-files"])
def test_package(host, name):
    assert host.package(name).is_installed


def test_marker(host):
    assert host.file("/marker").content_string.strip() == os.environ["WORD"]


@pytest.mark.skip(reason="no TLS here")
def test_tls(host):
    pass


@pytest.mark.slow
def test_slow(host):
    assert False
`;

const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;

await tap.test('verifier: testinfra', async (t) => {
  const script = join(REPO, 'test/tools/install-testinfra.sh');
  const program = execFileSync('bash', [script], { encoding: 'utf8' }).trim();
  const cwd = join(REPO, '.galley', 'test', `testinfra-${process.pid}`);
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  };
  const place = 'test/integration/default/testinfra';
  await put('kitchen.yml', KITCHEN(program));
  await put(`${place}/test_a.py`, TESTS);
  t.teardown(async () => {
    await galley(['destroy'], { cwd });
    await rm(cwd, { recursive: true, force: true });
  });
  const verify = async (...options: string[]): Promise<{ run: GalleyResult; reports: CheckReport[] }> => {
    const run = await galley(['verify', '--events', 'events.ndjson', ...options], { cwd });
    const events = await readEvents(join(cwd, 'events.ndjson'));
    return { run, reports: events.flatMap((event) => (event.type === 'check' ? [event.report] : [])) };
  };

  await t.test('each test is a check; a file that is not there could not be looked at', async (t) => {
    const { run, reports } = await verify();
    t.equal(run.code, 5, show(run));
    t.match(reports, [
      {
        id: 'testinfra.test-a-py-test-package-bash',
        title: 'test_a.py::test_package[bash]',
        outcome: 'pass',
      },
      { title: 'test_a.py::test_package[base-files]', outcome: 'pass' },
      {
        title: 'test_a.py::test_marker',
        outcome: 'error',
        location: { file: `${place}/test_a.py`, line: 11 },
        results: [{ observed: /RuntimeError: .*\/marker/ }],
      },
      { title: 'test_a.py::test_tls', outcome: 'skip', results: [{ observed: 'not run: no TLS here' }] },
    ]);
    t.equal(reports.length, 4, 'options go to pytest');
  });

  await t.test('repaired, all pass, and nothing was written among the tests', async (t) => {
    t.equal((await galley(['exec', 'default', '--', 'sh', '-c', 'echo done > /marker'], { cwd })).code, 0);
    const { run, reports } = await verify();
    t.equal(run.code, 0, show(run));
    t.same(
      reports.map(({ outcome }) => outcome),
      ['pass', 'pass', 'pass', 'skip'],
    );
    for (const name of ['__pycache__', '.pytest_cache']) t.notOk(existsSync(join(cwd, place, name)), name);
  });

  await t.test(
    'a file that does not load is an error, so is finding no tests; a chosen test is run alone',
    async (t) => {
      await put(`${place}/test_b.py`, 'import nosuchmodule\n');
      const broken = await verify();
      t.equal(broken.run.code, 5, show(broken.run));
      t.match(
        broken.reports.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'skip'),
        [
          {
            outcome: 'error',
            results: [{ observed: "ModuleNotFoundError: No module named 'nosuchmodule'" }],
          },
        ],
      );
      await rm(join(cwd, place, 'test_b.py'));
      const one = await verify('--check', 'package-bash');
      t.equal(one.run.code, 0, show(one.run));
      t.match(one.reports, [{ title: 'test_a.py::test_package[bash]', outcome: 'pass' }]);
      t.equal(one.reports.length, 1);
      t.match(one.run.stdout, /testinfra ran 2 tests to get at the 1 chosen/, 'parameters cannot be chosen');
      await rm(join(cwd, place, 'test_a.py'));
      await put(`${place}/test_b.py`, '');
      const none = await verify();
      t.equal(none.run.code, 5);
      t.match(none.reports, [{ outcome: 'error', results: [{ observed: /no tests were found/ }] }]);
    },
  );
});
