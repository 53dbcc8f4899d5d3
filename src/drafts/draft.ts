/** A check item as it stands in a kitchen file, before anything is parsed. */
export type Item = Readonly<Record<string, unknown>>;

/** A check written by Galley for somebody to read and to keep. */
export interface Draft {
  /** Lines to stand above it, without `#`. */
  readonly comments: readonly string[];
  /** What it is in the source's words, for messages. */
  readonly what?: string;
  readonly item: Item;
  /** Written as a comment: something to take over by hand. */
  readonly isOptional?: boolean;
  /** Line of the source that it comes from. */
  readonly line?: number | undefined;
}

/** Drafts under a heading. */
export interface Section {
  readonly heading: readonly string[];
  readonly drafts: readonly Draft[];
}

/** Something of a source file for which no check was written. */
export interface Gap {
  readonly file: string;
  readonly line?: number | undefined;
  /** What it is, in the source's words: `file /etc/x: md5`. */
  readonly what: string;
  readonly why: string;
}

/** What became of one source file. */
export interface Converted {
  readonly file: string;
  /** What the file says of itself. */
  readonly heading?: readonly string[];
  readonly drafts: readonly Draft[];
  readonly gaps: readonly Gap[];
}

export function gapLine({ file, line, what, why }: Gap): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${what}: ${why}`;
}
