import type { Ast } from '../../config/erb/ast.ts';
import { Unsupported } from '../../config/erb/failure.ts';
import { lex } from '../../config/erb/lex.ts';
import { parse } from '../../config/erb/parse.ts';
import { createSourceFile } from '../../config/source-file.ts';
import { withoutHeredocs } from './heredocs.ts';

/** A Ruby file as far as it could be read. Nothing of it is run. */
export interface RubyFile {
  readonly statements: readonly Ast[];
  readonly unread: readonly { readonly line: number; readonly code: string; readonly why: string }[];
  /** Line of an offset, from 1. */
  lineAt(offset: number): number;
  /** The text at an offset, for what the tree does not tell. */
  textAt(offset: number): string;
}

/**
 * Reads Ruby with the parser of kitchen files, which knows expressions, calls with blocks and control structures. What
 * it does not know costs the top-level statement that it is in, no more.
 */
export function parseRubyFile(written: string): RubyFile {
  const text = withoutHeredocs(written.replaceAll('\r\n', '\n'));
  const unread: { line: number; code: string; why: string }[] = [];
  const source = createSourceFile({ path: '', label: '', written: text });
  const lineAt = (offset: number): number => source.locate(Math.max(0, offset)).line ?? 1;
  const statements =
    read(text, 0, true) ?? topLevel(text).flatMap(([from, to]) => read(text.slice(from, to), from) ?? []);
  return { statements, unread, lineAt, textAt: (offset) => text.slice(offset, offset + 80) };

  function read(code: string, offset: number, isWhole = false): readonly Ast[] | undefined {
    try {
      const ast = parse(lex(code, offset, new Set()).tokens);
      return ast.t === 'seq' ? ast.body : [ast];
    } catch (error) {
      if (!(error instanceof Unsupported) && !(error instanceof RangeError)) throw error;
      if (isWhole) return undefined;
      const [why, at] =
        error instanceof Unsupported ? [error.message, error.at] : ['it is nested too deeply', offset];
      unread.push({ line: lineAt(at), code: code.trim().split('\n')[0] ?? '', why });
      return undefined;
    }
  }
}

/** Begin and end of the statements that start at the left margin. */
function topLevel(text: string): readonly (readonly [number, number])[] {
  const starts: number[] = [];
  for (const match of text.matchAll(/^(?!(?:end|else|elsif|rescue|ensure|when)\b)[^\s#)\]}.]/gm))
    starts.push(match.index);
  return starts.map((from, index) => [from, starts[index + 1] ?? text.length]);
}
