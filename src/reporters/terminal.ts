/** Where a reporter writes; the real one wraps a stream, tests collect text. */
export interface Terminal {
  write(text: string): void;
  /** Width in characters. */
  columns(): number;
  readonly isTty: boolean;
  readonly color: boolean;
}
