import tap from 'tap';
import { list } from './cases/list.ts';
import { markdownTable } from './table.ts';

await tap.test('the table shows median, spread, ratio and whether the target is met', async (t) => {
  const text = markdownTable([{ case: list, seconds: { galley: [0.2, 0.4, 0.3], peer: [0.5, 0.6, 0.7] } }]);
  t.match(text, /\| list +\| 0\.30 \(0\.20–0\.40\) \| 0\.60 \(0\.50–0\.70\) \| 0\.43 ✓ \| ≤ 0\.5 +\|/);
});

await tap.test('a missed target is marked, a missing peer leaves its columns empty', async (t) => {
  t.match(markdownTable([{ case: list, seconds: { galley: [1], peer: [1] } }]), /1\.00 ✗/);
  t.match(
    markdownTable([{ case: list, seconds: { galley: [1], peer: [] } }]),
    /\| 1\.00 +\| +\| +\| ≤ 0\.5 +\|/,
  );
});
