/** Undefined: a value cannot be compared in that way, so neither a matcher nor its opposite holds. */
export type Truth = boolean | undefined;

export function opposite(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

export function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

export function some(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}
