import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import tap from 'tap';
import { testFolders } from './folders.ts';
import { RspecJson, rspecCases } from './rspec-results.ts';

const RUNNERS = ['bats', 'serverspec'];
const SETTINGS = { test_base_path: 'test/integration', suite_name: null };

function kitchen(root: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

await tap.test(
  'folders of tests are those with files, helpers are merged in, data of Chef is none',
  async (t) => {
    const root = kitchen(t.testdir(), {
      'test/integration/default/bats/a.bats': '1',
      'test/integration/default/bats/helper.bash': 'the suite’s own',
      'test/integration/default/roles/web.json': '{}',
      'test/integration/default/loose.rb': '',
      'test/integration/helpers/bats/helper.bash': 'all suites’',
      'test/integration/helpers/bats/other.bash': '',
      'test/integration/helpers/serverspec/spec_helper.rb': '',
    });
    const folders = await testFolders(root, 'default', SETTINGS, RUNNERS);
    t.same(
      folders.map(({ busser, place }) => [busser, place]),
      [['bats', 'test/integration/default/bats']],
    );
    t.same(
      new Map(folders[0]?.files.map(({ path, local }) => [path, local])),
      new Map([
        ['helper.bash', 'test/integration/default/bats/helper.bash'],
        ['other.bash', 'test/integration/helpers/bats/other.bash'],
        ['a.bats', 'test/integration/default/bats/a.bats'],
      ]),
    );
    t.same(await testFolders(root, 'other', SETTINGS, RUNNERS), []);
    t.equal((await testFolders(root, 'x', { ...SETTINGS, suite_name: 'default' }, RUNNERS)).length, 1);
  },
);

await tap.test('tests that nothing here runs are refused by their folder’s name', async (t) => {
  const root = kitchen(t.testdir(), {
    'test/integration/default/minitest/test_a.rb': '',
    'test/integration/goss/goss/goss.yml': '',
  });
  await t.rejects(testFolders(root, 'default', SETTINGS, RUNNERS), {
    code: 'busser.no_runner',
    kind: 'config',
    message: /test\/integration\/default\/minitest/,
    expected: 'folders named bats, serverspec',
  });
  await t.rejects(testFolders(root, 'goss', SETTINGS, RUNNERS), {
    code: 'busser.no_runner',
    message: /goss/,
    hint: 'verifier: goss runs it',
  });
});

const example = (given: object) => ({
  full_description: 'Port "80" is listening',
  file_path: './a_spec.rb',
  line_number: 4,
  run_time: 0.0123,
  ...given,
});
const failed = (name: string, message: string) =>
  example({ status: 'failed', exception: { class: name, message, backtrace: [] } });

await tap.test(
  'examples are tests: an unmet expectation fails, another exception could not look',
  async (t) => {
    const unmet = 'RSpec::Expectations::ExpectationNotMetError';
    const report = RspecJson.parse({
      examples: [
        example({ status: 'passed' }),
        failed(unmet, '\nexpected: 1\n     got: 2\n\n(compared using ==)\n'),
        failed(unmet, 'expected Port "80" to be listening\n\n/bin/sh -c ss\n'),
        failed('NoMethodError', "undefined method `x'"),
        example({ status: 'pending', pending_message: 'Temporarily skipped with xit' }),
      ],
      summary: { errors_outside_of_examples_count: 0 },
    });
    const cases = rspecCases(report, (file) => `test/${file.slice(2)}`);
    t.match(cases, [
      { outcome: 'pass', durationMs: 12, location: { file: 'test/a_spec.rb', line: 4 } },
      { outcome: 'fail', expected: '1', observed: '2', notes: ['(compared using ==)'] },
      { outcome: 'fail', observed: 'expected Port "80" to be listening', notes: ['/bin/sh -c ss'] },
      { outcome: 'error', observed: "NoMethodError: undefined method `x'" },
      { outcome: 'skip', observed: 'not run: Temporarily skipped with xit' },
    ]);
    t.equal(cases.length, 5);
  },
);

await tap.test('what happens outside of examples is an error with its place', async (t) => {
  const message = `
An error occurred while loading ./b_spec.rb.
\u001B[31mFailure/Error: require 'infrataster/rspec'\u001B[0m

LoadError:
  cannot load such file -- infrataster/rspec
# ./b_spec.rb:2:in \`<top (required)>'
# /tmp/verifier/.galley/rspec.rb:3:in \`<main>'
`;
  const report = RspecJson.parse({
    examples: [],
    messages: [message, '\nRun options: exclude {}'],
    summary: { errors_outside_of_examples_count: 1 },
  });
  t.same(
    rspecCases(report, (file) => file.slice(2)),
    [
      {
        id: 'serverspec:run',
        title: './b_spec.rb can be loaded',
        outcome: 'error',
        expected: 'the tests can be loaded',
        observed: 'LoadError: cannot load such file -- infrataster/rspec',
        notes: ["Failure/Error: require 'infrataster/rspec'", "# ./b_spec.rb:2:in `<top (required)>'"],
        hint: 'gems beside serverspec and RSpec must be installed in the Ruby on the instance',
        location: { file: 'b_spec.rb', line: 2 },
      },
    ],
  );
});
