/** Like Promise.all, but lets the others finish before it throws: what they make must be there to be removed. */
export async function allDone<T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const results = await Promise.allSettled(work);
  const failed = results.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return results.map((one) => (one as PromiseFulfilledResult<unknown>).value) as never;
}
