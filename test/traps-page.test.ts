import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { REPO } from './galley.ts';

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows of the page's tables, without heads and rules. */
function rowsOf(page: string): readonly Row[] {
  return page.split('\n').flatMap((text, at) => {
    if (!text.startsWith('|') || /^\|(-|.*\| test \|$)/.test(text)) return [];
    return [
      {
        line: at + 1,
        cells: text
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      },
    ];
  });
}

/** What is wrong with a row: its test must be named in its file. */
function problemOf({ cells }: Row): string | undefined {
  const test = cells.at(-1) ?? '';
  const [, file = '', name = ''] = /^(\S+\.test\.ts): (.+)$/.exec(test) ?? [];
  if (cells.length < 3 || name === '') return 'three cells or more, the last one FILE: NAME OF THE TEST';
  const tests = readFileSync(join(REPO, file), 'utf8').matchAll(/test\(\s*(['`])(.*?)\1,/g);
  return [...tests].some(([, , title = '']) => title.includes(name)) ? undefined : `no such test in ${file}`;
}

for (const [page, atLeast] of [
  ['docs/traps.md', 45],
  ['docs/live-environment.md', 25],
] as const) {
  await tap.test(`each row of ${page} names a test that is there`, async (t) => {
    const rows = rowsOf(readFileSync(join(REPO, page), 'utf8'));
    t.ok(rows.length >= atLeast, `${rows.length} rows`);
    for (const row of rows) t.equal(problemOf(row), undefined, `line ${row.line}: ${row.cells[0]}`);
  });
}

await tap.test('a row whose test was renamed or is missing is found', async (t) => {
  const row = (test: string): Row => ({ line: 1, cells: ['there', 'here', test] });
  t.match(problemOf(row('test/traps-page.test.ts: no test has this name')), 'no such test');
  t.match(problemOf(row('')), 'three cells');
  t.equal(problemOf(row('test/traps-page.test.ts: each row of')), undefined);
});
