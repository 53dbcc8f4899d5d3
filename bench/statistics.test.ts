import tap from 'tap';
import { medianOrThrow, pairwiseRatio } from './statistics.ts';

await tap.test('the median is the middle one, or between the two middle ones', async (t) => {
  t.equal(medianOrThrow([3, 1, 2]), 2);
  t.equal(medianOrThrow([4, 1, 2, 3]), 2.5);
  t.equal(medianOrThrow([10, 9, 100]), 10);
  t.throws(() => medianOrThrow([]), /nothing/);
});

await tap.test('ratios are taken round by round, not of the medians', async (t) => {
  // The machine became four times slower after the first round: each pair still says one half.
  t.equal(pairwiseRatio([1, 4, 4], [2, 8, 8]), 0.5);
  t.equal(pairwiseRatio([1, 4], [2, 2]), 1.25);
  t.equal(pairwiseRatio([1], []), undefined);
});
