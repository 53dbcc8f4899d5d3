import tap, { type Test } from 'tap';
import { loadFrom } from '../../test/corpus/kitchen-folder.ts';
import type { GalleyError } from '../core/errors.ts';

/** `line:column what is wrong | what to do`. */
async function told(t: Test, text: string): Promise<string> {
  const error = await loadFrom(t, text).then(
    () => undefined,
    (thrown: GalleyError) => thrown,
  );
  const { location, message = 'it is valid', hint } = error ?? {};
  return `${location?.line}:${location?.column} ${message.replace(/^.* is not valid YAML: /, '')} | ${hint}`;
}

const END = 'platforms: [{name: x}]\nsuites: [{name: a}]\n';

await tap.test('a bracket that is not closed is told where it opens', async (t) => {
  for (const [text, expected] of [
    [
      'platforms: [{name: x}\nsuites:\n  - name: a\n',
      '1:12 this [ is not closed | a ] is missing before line 2',
    ],
    [
      'driver: {name: docker}\nplatforms: [{name: x}\n',
      '2:12 this [ is not closed | a ] is missing before the end of line 2',
    ],
    [`driver: {name: docker\n${END}`, '1:9 this { is not closed | a } is missing before line 2'],
    [
      `driver:\n  a: {a: {b: 1}\n  run_list: ["x]"]\n${END}`,
      '2:6 this { is not closed | a } is missing before line 3',
    ],
    [
      `driver:\n  a: [\n    "[", # and [\n    b\n${END}`,
      '2:6 this [ is not closed | a ] is missing before line 5',
    ],
    ['platforms: [{name: x]}\n', '1:13 this { is not closed | a } is missing before the ] of line 1'],
    [
      'platforms: [{name: x}]]\n',
      '1:23 this ] closes nothing | a [ is missing before it, or it is one too many',
    ],
  ] as const) {
    t.equal(await told(t, text), expected, text);
  }
});

await tap.test('a quote that is not closed is told where it opens', async (t) => {
  const never = 'this " is not closed | a " is missing, probably in this line';
  t.equal(await told(t, `driver:\n  name: "docker\n${END}`), `2:9 ${never}`);
  t.equal(await told(t, `driver: {name: "docker}\n${END}`), `1:16 ${never}`);
  t.match(await told(t, `driver:\n  name: 'docker\n${END}`), "2:9 this ' is not closed");
  t.equal(await told(t, `driver:\n  name: "docker\n  image: "debian"\n${END}`), `2:9 ${never}`);
  t.match(
    await told(t, 'suites:\n  - run_list: ["a, "b"]\n    c: ["d"]\n'),
    '2:21 text after a value that has ended | a comma or a quote is missing before it',
  );
  const later = 'the text that begins here ends only in line 2';
  t.match(await told(t, 'a: ["x,\n  "y"]\n'), `1:5 ${later}`);
  t.match(await told(t, 'a: "x\n  y" z\n'), `1:4 ${later}`);
});

await tap.test('an indent is told at the line that has it', async (t) => {
  for (const [text, expected] of [
    [`driver:\n  name: docker\n   image: x\n${END}`, '3:4 a key that is indented deeper'],
    [`driver:\n    name: docker\n  image: x\n${END}`, '3:3 this line begins at a column at which none'],
    ['platforms:\n  - name: x\n  driver: y\n', '3:3 this line begins at a column at which none'],
    ['suites:\n  - name: a\n - name: b\n', '3:2 a list item that begins at another column'],
    ['suites:\n  - name: a\n    run_list:\n    - x\n   - y\n', '5:4 this line begins at a column'],
    ['driver:\n\tname: docker\n', '2:1 a tab as indent | indent with spaces'],
  ] as const) {
    t.match(await told(t, text), expected, text);
  }
});

await tap.test('what is missing in a line is told at that line', async (t) => {
  for (const [text, expected] of [
    ['driver\n  name: docker\n', '1:1 a key without a value | a colon is missing after it'],
    [
      'driver:\n  name:docker\n  image: x\n',
      '2:3 a key without a value | a space is missing after the colon',
    ],
    ['platforms:\n  -name: x\n  - name: y\n', '2:3 a list item without a space after its dash'],
    ['driver:\n  script: |\n  echo hi\nsuites: []\n', '3:3 a key without a value'],
    ['driver: {name: docker image: x}\n', '1:16 a key that begins inside of another value | a comma'],
    ['driver:\n  name: @docker\n', '2:9 a value that begins with @ | put the value in quotes'],
    ['driver:\n  command: "a" b\n', '2:16 text after a value that has ended'],
  ] as const) {
    t.match(await told(t, text), expected, text);
  }
  const secret = await told(t, 'driver:\n  password: s3cret: more\n');
  t.equal(secret, '2:13 a value that looks like a key and its value | put the value in quotes');
});
