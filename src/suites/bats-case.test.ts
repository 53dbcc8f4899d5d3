import tap from 'tap';
import { batsCase } from './bats-case.ts';
import { tapCases } from './tap-cases.ts';

await tap.test('Bats’ comments tell the place, the command and its output', async (t) => {
  const cases = tapCases(`1..4
ok 1 it works in 5ms
not ok 2 compares in 8ms
# (in test file /suites/bats/a.bats, line 10)
#   \`[ "$status" -eq 1 ]' failed
# a: b
#   - x
not ok 3 in a helper in 8ms
# (from function \`deep' in file /suites/bats/helper.bash, line 3,
#  in test file /suites/bats/a.bats, line 14)
#   \`deep' failed with status 2
ok 4 tls in 4ms # skip no TLS here
`).map((one) => batsCase(one, (file) => file.replace('/suites/', 'test/')));
  t.match(cases, [
    { title: 'it works', outcome: 'pass', durationMs: 5 },
    {
      title: 'compares',
      outcome: 'fail',
      observed: '`[ "$status" -eq 1 ]\' failed',
      notes: ['a: b', '  - x'],
      location: { file: 'test/bats/a.bats', line: 10 },
    },
    {
      title: 'in a helper',
      observed: "`deep' failed with status 2",
      notes: ["from function `deep' in file /suites/bats/helper.bash, line 3"],
      location: { line: 14 },
    },
    { title: 'tls', outcome: 'skip', observed: 'not run: no TLS here' },
  ]);
});

await tap.test('a file that Bats cannot read is an error, not a failed test', async (t) => {
  const cases = tapCases(
    '1..1\nnot ok 1 bats-gather-tests\n# /s/x.bats: line 4: syntax error: unexpected end of file\n',
  );
  t.match(
    cases.map((one) => batsCase(one)),
    [{ outcome: 'error', observed: /syntax error/, location: { file: '/s/x.bats', line: 4 } }],
  );
});
