import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import tap from 'tap';
import type { CheckReport } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { type GalleyResult, galley, REPO } from '../galley.ts';

// Real Bats and serverspec on an instance with the Chef client's Ruby: red first, then repaired.
const SECRET = 'n0t-s3cret-of-busser';
const FILES: Readonly<Record<string, string>> = {
  'kitchen.yml': `
driver: {name: docker, init: none, image: galley/debian-12-base}
verifier:
  name: busser
  env: {API_TOKEN: ${SECRET}}
  checks: [{file: /tmp/verifier, exists: false}]
platforms: [{name: debian-12}]
suites: [{name: default}]
`,
  'test/integration/helpers/serverspec/spec_helper.rb': "require 'serverspec'\nset :backend, :exec\n",
  'test/integration/helpers/bats/helper.bash': 'is_there() { [ -e "$1" ]; }\n',
  'test/integration/default/bats/a.bats': `load helper
@test "is where Test Kitchen puts it" {
  [ "$BATS_TEST_DIRNAME $BUSSER_ROOT" = "/tmp/verifier/suites/bats /tmp/verifier" ]
}
@test "tls" { skip "no TLS in this suite"; }
@test "marker" {
  echo "token $API_TOKEN"
  is_there /marker
}
`,
  'test/integration/default/bash/shell_test.sh': 'echo "the cause"; test -e /marker\n',
  'test/integration/default/serverspec/a_spec.rb': `require 'spec_helper'
describe file('/marker') do
  it { should exist }
  its(:content) { should match(/done/) }
  xit 'is signed' do
  end
end
describe 'environment' do
  it('has no gem paths') { expect(ENV.values_at('API_TOKEN', 'GEM_HOME')).to eq ['${SECRET}', nil] }
end
`,
};
const MAKE_MARKER = ['exec', 'default', '--', 'sh', '-c', 'echo done > /marker'];

const show = (run: GalleyResult): string => `exit ${run.code}\n${run.stdout}\n${run.stderr}`;

await tap.test('verifier: busser', async (t) => {
  const cwd = join(REPO, '.galley', 'test', `busser-${process.pid}`);
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  t.teardown(async () => {
    await galley(['destroy'], { cwd });
    await rm(cwd, { recursive: true, force: true });
  });
  const verify = async (...options: string[]): Promise<{ run: GalleyResult; reports: CheckReport[] }> => {
    const run = await galley(
      ['verify', '--events', 'events.ndjson', '--report', 'junit:out.xml', ...options],
      {
        cwd,
      },
    );
    const events = await readEvents(join(cwd, 'events.ndjson'));
    return { run, reports: events.flatMap((event) => (event.type === 'check' ? [event.report] : [])) };
  };
  const byId = (reports: readonly CheckReport[]): object =>
    Object.fromEntries(reports.map((one) => [one.id, one.outcome]));

  const red = await verify();
  t.equal(red.run.code, 5, show(red.run));
  await t.test('each test is a check, failures with their place and cause', async (t) => {
    t.same(
      byId(red.reports),
      {
        'file.tmp-verifier': 'pass',
        'bash.shell-test-sh': 'fail',
        'bats.is-where-test-kitchen-puts-it': 'pass',
        'bats.tls': 'skip',
        'bats.marker': 'fail',
        'serverspec.file-marker-is-expected-to-exist': 'fail',
        'serverspec.file-marker-content-is-expected-to-match-done': 'fail',
        'serverspec.file-marker-is-signed': 'skip',
        'serverspec.environment-has-no-gem-paths': 'pass',
      },
      show(red.run),
    );
    const found = (id: string) => red.reports.find((one) => one.id === id);
    t.match(found('bats.marker'), {
      location: { file: 'test/integration/default/bats/a.bats', line: 8 },
      results: [{ observed: /`is_there \/marker' failed/, notes: ['token [redacted]'] }],
    });
    t.match(found('serverspec.file-marker-is-expected-to-exist'), {
      location: { file: 'test/integration/default/serverspec/a_spec.rb', line: 3 },
      results: [{ observed: /expected File "\/marker" to exist/ }],
    });
    t.match(found('bash.shell-test-sh')?.results, [{ observed: 'exit code 1', notes: ['the cause'] }]);
  });

  await t.test('a secret that a test prints is in no report and no log', async (t) => {
    const texts = await readdir(join(cwd, '.galley/logs'), { recursive: true, withFileTypes: true });
    const files = texts.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    t.ok(files.length > 1, 'there are logs');
    for (const file of [...files, join(cwd, 'out.xml'), join(cwd, 'events.ndjson')]) {
      const text = await readFile(file, 'utf8');
      t.notMatch(text, SECRET, file);
      if (file.endsWith('out.xml')) t.match(text, 'token [redacted]');
    }
    t.notMatch(red.run.stdout + red.run.stderr, SECRET);
  });

  await t.test('verify --list tells the tests that the run has shown', async (t) => {
    const { stdout } = await galley(['verify', '--list', '--json'], { cwd });
    const [listed] = JSON.parse(stdout) as { suite: string; tests: { id: string; file: string }[] }[];
    t.equal(listed?.suite, 'busser');
    t.same(
      new Set(listed?.tests.map(({ id }) => id)),
      new Set(red.reports.map(({ id }) => id).filter((id) => !id.startsWith('file.'))),
    );
    t.match((await galley(['verify', '--list'], { cwd })).stdout, / {2}bats\.marker +marker/);
  });

  await t.test('of the tests, what is chosen is run, and what failed is run again', async (t) => {
    const one = await verify('--check', 'bats.marker');
    t.same(byId(one.reports), { 'bats.marker': 'fail' }, show(one.run));
    const failed = await verify('--failed');
    const before = red.reports.filter(({ outcome }) => outcome === 'fail');
    t.same(byId(failed.reports), byId(before), show(failed.run));
    t.match(failed.run.stdout, /busser ran 6 tests to get at the 4 chosen/, 'serverspec runs files');
  });

  t.equal((await galley(MAKE_MARKER, { cwd })).code, 0);
  const green = await verify();
  await t.test('repaired, all pass; nothing of the first run is left on the instance', async (t) => {
    t.equal(green.run.code, 0, show(green.run));
    t.same(new Set(green.reports.map((one) => one.outcome)), new Set(['pass', 'skip']));
    t.equal(green.reports.length, red.reports.length);
  });

  await t.test('tests that nothing runs stop the run before anything is made', async (t) => {
    await mkdir(join(cwd, 'test/integration/default/minitest'));
    await writeFile(join(cwd, 'test/integration/default/minitest/test_a.rb'), '');
    const run = await galley(['verify'], { cwd });
    t.equal(run.code, 2, show(run));
    t.match(run.stdout + run.stderr, /nothing here runs the tests in test\/integration\/default\/minitest/);
  });
});
