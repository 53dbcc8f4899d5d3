/** Begins the line that ends a file's output; the rest of the line is a `Done` as JSON. */
export const DONE = '# galley-test-file-done ';

/** Sent in place of a file when there is none left. */
export const NO_MORE = '';

/** How a file went in a process that it shares. */
export interface Done {
  readonly pass: number;
  /** Assertions that failed, were skipped or are still to do. */
  readonly other: number;
  /** Why it could not be run to its end, or what it left behind. */
  readonly problem: string | undefined;
}
