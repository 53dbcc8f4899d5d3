import { join } from 'node:path';
import tap from 'tap';
import { runAlone } from './run-alone.ts';
import { secondLook } from './second-look.ts';

const STEADY = "console.log('ok 1\\n1..1\\n# { total: 1, pass: 1 }');";
const BROKEN = "console.log('not ok 1\\n1..1\\n# { total: 1, pass: 0, fail: 1 }'); process.exitCode = 1;";
const ONCE = `import { existsSync, writeFileSync } from 'node:fs';
const mark = new URL('./mark', import.meta.url);
if (existsSync(mark)) { ${STEADY} } else { writeFileSync(mark, ''); ${BROKEN} }`;

await tap.test('a file that fails is run once more, and is told of when it then passes', async (t) => {
  const dir = t.testdir({ 'steady.mjs': STEADY, 'broken.mjs': BROKEN, 'once.mjs': ONCE });
  const ran: string[] = [];
  const run = (file: string) => {
    ran.push(file);
    return runAlone(join(dir, file), { cwd: dir, timeoutMs: 60_000 }).then((one) => ({ ...one, file }));
  };
  const files = ['steady.mjs', 'broken.mjs', 'once.mjs'];
  const first = await Promise.all(files.map(run));
  t.strictSame(
    first.map(({ fail }) => fail),
    [0, 1, 1],
  );

  const looked = await secondLook(first, { most: 2, run });
  t.strictSame(ran.slice(3), ['broken.mjs', 'once.mjs'], 'only what failed');
  t.strictSame(
    looked.ended.map(({ file, fail }) => `${file} ${fail}`),
    ['steady.mjs 0', 'broken.mjs 1', 'once.mjs 0'],
  );
  t.match(looked.flaky, [{ file: 'once.mjs', output: /not ok 1/ }], 'with what it said the first time');

  const many = await secondLook(first, { most: 1, run });
  t.strictSame([many.ended, many.flaky, ran.length], [first, [], 5], 'many failures are no race');
});
