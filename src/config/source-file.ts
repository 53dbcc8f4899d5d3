import type { SourceLocation } from '../core/errors.ts';
import { SECRET_KEY } from '../core/secret-key.ts';

/** Maps an offset in the text that was parsed to an offset in the text that the user wrote. */
export type OffsetMap = (offset: number) => { readonly offset: number; readonly exact: boolean };

/** A configuration file as it was parsed, able to say where each character came from. */
export interface SourceFile {
  /** Absolute path. */
  readonly path: string;
  /** How messages name it: relative to the kitchen's folder when it lies below, else absolute. */
  readonly label: string;
  /** What the YAML parser saw: the file's text, or what its ERB rendered. */
  readonly text: string;
  /** Place in the file as the user wrote it. */
  locate(offset: number): SourceLocation;
}

/** A character of a source file. */
export interface Place {
  readonly source: SourceFile;
  readonly offset: number;
}

export function toLocation(place: Place | undefined): SourceLocation | undefined {
  return place?.source.locate(place.offset);
}

/**
 * `written` is the file's own text; `text` and `map` differ from it when a template was rendered. A place inside
 * rendered output points to the tag that made it.
 */
export function createSourceFile(facts: {
  readonly path: string;
  readonly label: string;
  readonly written: string;
  readonly text?: string;
  readonly map?: OffsetMap;
}): SourceFile {
  let starts: readonly number[] | undefined;
  return {
    path: facts.path,
    label: facts.label,
    text: facts.text ?? facts.written,
    locate(offset) {
      const origin = facts.map?.(offset) ?? { offset, exact: true };
      starts ??= lineStarts(facts.written);
      const index = lineIndex(starts, origin.offset);
      return { file: facts.label, line: index + 1, column: origin.offset - (starts[index] ?? 0) + 1 };
    },
  };
}

/** A place holder for data that has no text of its own (a JavaScript config): only the file is known. */
export function createOpaqueSource(path: string, label: string): SourceFile {
  return { path, label, text: '', locate: () => ({ file: label }) };
}

/** The line with the values of keys that look secret covered, each character by one, so that columns stay. */
function withoutSecrets(line: string): string {
  return line.replaceAll(
    /([\w-]+)(["']?\s*[:=]\s*)([^\s,}\]][^,}\]]*)/g,
    (whole, key: string, sign: string, value: string) =>
      SECRET_KEY.test(key) ? key + sign + '*'.repeat(value.length) : whole,
  );
}

/** The line of text around an offset, with a caret below it, for messages. Secrets are covered. */
export function showLine(text: string, offset: number): readonly string[] {
  const at = Math.min(offset, text.length);
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', at);
  const line = withoutSecrets(text.slice(start, newline === -1 ? text.length : newline).replace(/\r$/, ''));
  const from = Math.max(0, at - start - 80);
  const shown = line.slice(from, from + 120).replaceAll('\t', ' ');
  return [shown, `${' '.repeat(Math.min(at - start - from, shown.length))}^`];
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineIndex(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
