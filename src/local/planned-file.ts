/** One file below the root path. */
export interface PlannedFile {
  /** Relative to the root path. */
  readonly path: string;
  /** Where the bytes come from. */
  readonly source: { readonly file: string } | { readonly text: string };
  readonly mode: number;
  readonly sha256: string;
}
