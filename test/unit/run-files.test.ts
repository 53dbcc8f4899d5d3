import tap, { type Test } from 'tap';
import type { Ended } from './run-alone.ts';
import { runFiles } from './run-files.ts';

const passing = (name: string): string =>
  `import tap from 'tap';\nawait tap.test('${name}', (t) => { t.ok(true); t.ok(true); t.end(); });\n`;

async function run(
  t: Test,
  dir: string,
  files: readonly string[],
  { timeoutMs = 60_000, endingMs = 60_000, lanes = 1 } = {},
): Promise<Readonly<Record<string, Ended>>> {
  const told: Ended[] = [];
  const onEnd = (one: Ended): void => void told.push(one);
  const ended = await runFiles(files, { cwd: dir, timeoutMs, endingMs, lanes, onEnd });
  t.strictSame(ended, told, 'each file is told when it is known how it went');
  return Object.fromEntries(ended.map((one) => [one.file, one]));
}

await tap.test('files share processes, and each has its own count', async (t) => {
  const dir = t.testdir({
    'a.test.mjs': passing('same name'),
    'b.test.mjs': `${passing('same name')}globalThis.pid = process.pid;\n`,
    'c.test.mjs': `import tap from 'tap';
await tap.test('after b', async (t) => { t.equal(globalThis.pid, process.pid); t.testdir({ x: '' }); });\n`,
  });
  const files = ['a.test.mjs', 'b.test.mjs', 'c.test.mjs'];
  const ended = await run(t, dir, files);
  t.strictSame(
    files.map((file) => [ended[file]?.pass, ended[file]?.fail]),
    [
      [2, 0],
      [2, 0],
      [1, 0],
    ],
  );
});

await tap.test('a file that goes wrong is named, whatever it does, and the others are run', async (t) => {
  const bad = {
    'fails.test.mjs':
      "import tap from 'tap';\nawait tap.test('wrong', (t) => { t.equal(1, 2); t.end(); });\n",
    'throws.test.mjs': "throw new Error('at the top');\n",
    'exits.test.mjs': `${passing('early end')}process.exit(0);\n`,
    'rejects.test.mjs': `${passing('first')}await new Promise((resolve) => { setTimeout(resolve, 20); Promise.reject(new Error('nobody hears')); });\n`,
  };
  const dir = t.testdir({ ...bad, 'fine.test.mjs': passing('fine'), 'last.test.mjs': passing('last') });
  const ended = await run(t, dir, ['fine.test.mjs', ...Object.keys(bad), 'last.test.mjs'], { lanes: 2 });
  t.match(ended['fails.test.mjs'], { fail: 1, how: 'exit code 1', output: /not ok 1 - should be equal/ });
  t.match(ended['throws.test.mjs'], { fail: 1, output: /at the top/ });
  t.match(ended['exits.test.mjs'], { fail: 1 });
  t.match(ended['rejects.test.mjs'], { fail: 1, output: /nobody hears/ });
  t.match(
    [ended['fine.test.mjs'], ended['last.test.mjs']],
    [
      { fail: 0, pass: 2 },
      { fail: 0, pass: 2 },
    ],
  );
});

await tap.test('what hangs is stopped', async (t) => {
  const dir = t.testdir({
    'hangs.test.mjs': `${passing('first')}setInterval(() => {}, 1000);\nawait new Promise(() => {});\n`,
    'open.test.mjs': `${passing('first')}setInterval(() => {}, 1000);\n`,
  });
  const files = ['hangs.test.mjs', 'open.test.mjs'];
  const ended = await run(t, dir, files, { timeoutMs: 1000, endingMs: 200, lanes: 2 });
  for (const file of files) t.match(ended[file], { fail: 1, how: /^stopped after/ }, file);
});

await tap.test('what a file leaves behind is found, and whose it is', async (t) => {
  const dir = t.testdir({
    'fine.test.mjs': passing('fine'),
    'variable.test.mjs': `${passing('first')}process.env.LEFT = 'behind';\n`,
    'late.test.mjs': `${passing('first')}process.on('exit', () => { process.exitCode = 3; });\n`,
  });
  const changed = await run(t, dir, ['fine.test.mjs', 'variable.test.mjs']);
  t.match(changed['variable.test.mjs'], {
    fail: 1,
    how: /not in one process/,
    output: /environment variables/,
  });
  const late = await run(t, dir, ['late.test.mjs', 'fine.test.mjs']);
  t.match(late['late.test.mjs'], { fail: 1, how: 'exit code 3' });
  t.match(late['fine.test.mjs'], { fail: 0, pass: 2 });
});
