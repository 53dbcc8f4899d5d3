/** Middle value; the mean of the two middle ones for an even count. Throws when there is none. */
export function medianOrThrow(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error('the median of nothing');
  return (upper + lower) / 2;
}

/**
 * Median of `a[i] / b[i]`: rounds that ran next to each other met the same load, so their ratio is steadier than the
 * ratio of the medians. Undefined without pairs.
 */
export function pairwiseRatio(a: readonly number[], b: readonly number[]): number | undefined {
  const ratios = a.flatMap((value, at) => {
    const other = b[at];
    return other === undefined ? [] : [value / other];
  });
  return ratios.length === 0 ? undefined : medianOrThrow(ratios);
}
