import tap from 'tap';
import { isTap, tapCases } from './tap-cases.ts';

await tap.test('text is TAP by its version line or its plan', async (t) => {
  t.ok(isTap('TAP version 13\nok 1\n'));
  t.ok(isTap('hello\n1..2\nok 1\n'));
  t.ok(isTap('1..0 # SKIP not here\r\n'));
  t.notOk(isTap('ok, everything is fine\n'));
  t.notOk(isTap('1..10 packages\n'), 'a line that only begins like a plan');
});

await tap.test('passes, failures with their diagnostics, skips and todos become tests', async (t) => {
  const cases = tapCases(`TAP version 14
1..4
ok 1 - nginx is installed
not ok 2 - nginx listens
  ---
  message: 'nothing on port 80'
  data: {got: 0}
  ...
ok 3 - certificate # SKIP no TLS here
not ok 4 - later # TODO not yet
`);
  t.match(cases, [
    { title: 'nginx is installed', outcome: 'pass' },
    { title: 'nginx listens', outcome: 'fail', observed: 'nothing on port 80', notes: ['data: {"got":0}'] },
    { title: 'certificate', outcome: 'skip', observed: 'not run: no TLS here' },
    { title: 'later', outcome: 'skip', observed: /todo: not yet/ },
  ]);
});

await tap.test('tests of a subtest carry its name, the point that sums it up is not counted', async (t) => {
  const cases = tapCases(`TAP version 14
# Subtest: web
    ok 1 - answers
    not ok 2 - is fast
    1..2
not ok 1 - web
1..1
`);
  t.match(cases, [
    { title: 'web › answers', outcome: 'pass' },
    { title: 'web › is fast', outcome: 'fail' },
  ]);
  t.equal(cases.length, 2);
});

await tap.test('a plan that was not kept and a bail-out are errors', async (t) => {
  t.match(tapCases('1..3\nok 1 - a\n'), [{ outcome: 'pass' }, { outcome: 'error', observed: /1 of 3/ }]);
  t.match(tapCases('1..2\nok 1 - a\nBail out! no database\n'), [
    { outcome: 'pass' },
    { outcome: 'error', observed: /no database/ },
  ]);
});

await tap.test('a stream that contradicts itself is no pass', async (t) => {
  const rows: [string, string, RegExp][] = [
    ['TAP version 13\nok 1 - a\nok 2 - b\n', 'the plan', /there is no plan: 2 tests ran/],
    ['1..1\nok 1 - a\nok 2 - b\n', 'the plan', /2 of 1 planned/],
    ['1..2\nok 1 - a\nok 1 - b\n', 'the plan', /multiple times/],
    ['# Subtest: a\n    1..3\n    ok 1 - x\nok 1 - a\n1..1\n', 'a › the plan', /1 of 3 planned/],
    ['# Subtest: a\n    ok 1 - x\n    1..1\nnot ok 1 - a\n1..1\n', 'a', /not ok/],
    ['# Subtest: a\n    ok 1 - x\n    1..1\nok 1 - a\nnot ok 2 - a\n1..2\n', 'a', /not ok/],
  ];
  for (const [text, title, observed] of rows) {
    const bad = tapCases(text).filter(({ outcome }) => outcome !== 'pass');
    t.match(bad, [{ title, outcome: /error|fail/, observed }], text);
    t.equal(bad.length, 1, text);
  }
});
