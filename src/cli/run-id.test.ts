import tap from 'tap';
import { newRunId } from './run-id.ts';

await tap.test('ids sort by time, also within a second', async (t) => {
  const at = (ms: number) => newRunId(new Date(Date.UTC(2026, 10, 21, 3, 45, 12) + ms));
  t.match(at(0), /^20261121-034512-000[0-9a-f]{2}$/);
  const ids = [0, 7, 40, 300, 999, 1000].map(at);
  t.same(ids.toSorted(), ids);
});
