/** Where a reporter writes; the real one wraps a stream, tests collect text. */
export interface Terminal {
  /** Bytes arrive as they are. */
  write(text: string | Uint8Array): void;
  /** Aborted when nobody reads it any longer, where that is known. */
  readonly gone?: AbortSignal;
  /** Width in characters. */
  columns(): number;
  readonly isTty: boolean;
  readonly color: boolean;
}
