/** `3 of 4 instances did not pass`, `none of 4 instances passed`; of a single one `1 instance did not pass`. */
export function notPassed(one: 'instance' | 'check', failed: number, all: number): string {
  if (all === 1) return `1 ${one} did not pass`;
  return failed === all ? `none of ${all} ${one}s passed` : `${failed} of ${all} ${one}s did not pass`;
}
