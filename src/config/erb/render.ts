import { GalleyError } from '../../core/errors.ts';
import type { Env } from '../find-files.ts';
import type { Warning } from '../findings.ts';
import { type OffsetMap, type SourceFile, showLine } from '../source-file.ts';
import { RubyFailure, Unsupported } from './failure.ts';
import { renderPlain } from './plain-tags.ts';
import { type Piece, type Stretch, splitTemplate } from './template.ts';

export interface ErbContext {
  readonly root: string;
  readonly env: Env;
}

export interface Rendered {
  readonly text: string;
  /** From offsets in the text to offsets in the template. */
  readonly map: OffsetMap;
  readonly warnings: readonly Warning[];
}

/**
 * Renders the ERB of a kitchen file: by the evaluator of this folder, which runs no code (and is not loaded for the
 * plainest tags), else by real Ruby when it is
 * installed, which is told in a warning. Throws `GalleyError`: `config.erb_failed` where Ruby raises,
 * `config.erb_unsupported` when Ruby would be needed and is not there.
 */
export async function renderErb(source: SourceFile, context: ErbContext): Promise<Rendered> {
  const template = source.text;
  const pieces = splitTemplate(template);
  const plain = renderPlain(pieces, context.env);
  if (plain) return { text: plain.text, map: offsetMap(plain.stretches), warnings: trimming(source, pieces) };
  try {
    const { renderPieces, worldOf } = await import('./render-pieces.ts');
    const { text, stretches, swallowed } = renderPieces(pieces, worldOf(source.path, context));
    return {
      text,
      map: offsetMap(stretches),
      warnings: [...trimming(source, pieces), ...swallowed.flatMap((piece) => lostText(source, piece))],
    };
  } catch (error) {
    if (error instanceof RubyFailure) throw failed(source, error, pieces);
    if (!(error instanceof Unsupported)) throw error;
    const { renderWithRuby } = await import('./ruby.ts');
    const rendered = await renderWithRuby(source, pieces, context);
    const tag = tagAt(source, pieces, error.at);
    const location = source.locate(tag?.tagAt ?? Math.max(0, error.at));
    if ('text' in rendered) {
      const message = `\`${shown(tag)}\` was evaluated by real Ruby: ${error.message} is not known to Galley`;
      return {
        text: rendered.text,
        map: offsetMap(rendered.stretches),
        warnings: [...trimming(source, pieces), { message, location }],
      };
    }
    if (rendered.missing) throw unsupported(source, error, tag);
    throw failed(
      source,
      new RubyFailure(
        'ruby',
        rendered.message.replaceAll(source.path, source.label),
        rendered.at ?? error.at,
      ),
      pieces,
    );
  }
}

/** Only text that would have meant something is worth a word. */
function lostText(source: SourceFile, piece: Piece): readonly Warning[] {
  const lost = piece.kind === 'text' && piece.text.split('\n').some((line) => !/^\s*(#.*)?$/.test(line));
  if (!lost) return [];
  const message =
    'the text up to the next tag is lost, because the tag before ends in a comment: write <%# … %>';
  return [{ message, location: source.locate(piece.at) }];
}

/** The first tag that trims, which is a syntax error in Test Kitchen. */
function trimming(source: SourceFile, pieces: readonly Piece[]): readonly Warning[] {
  const tag = pieces.find(
    (piece): piece is Tag =>
      piece.kind !== 'text' &&
      (source.text.startsWith('<%-', piece.tagAt) ||
        source.text.startsWith('-%>', piece.at + piece.code.length)),
  );
  if (tag === undefined) return [];
  const message = 'Test Kitchen knows neither <%- nor -%> and stops with a syntax error: write <% and %>';
  return [{ message, location: source.locate(tag.tagAt) }];
}

function offsetMap(stretches: readonly Stretch[]): OffsetMap {
  return (offset) => {
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((stretches[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const stretch = stretches[low];
    if (stretch === undefined) return { offset: 0, exact: false };
    return {
      offset: stretch.exact ? stretch.from + offset - stretch.start : stretch.from,
      exact: stretch.exact,
    };
  };
}

type Tag = Exclude<Piece, { kind: 'text' }>;

/** The tag around an offset. Real Ruby tells only the line: then the first tag that begins on it. */
function tagAt(source: SourceFile, pieces: readonly Piece[], at: number): Tag | undefined {
  const tags = pieces.filter((piece): piece is Tag => piece.kind !== 'text');
  const last = tags.findLast((tag) => tag.tagAt <= at);
  if (last && at <= last.at + last.code.length) return last;
  const next = tags.find((tag) => tag.tagAt > at);
  const isOnLine = next && at >= 0 && !source.text.slice(at, next.tagAt).includes('\n');
  return isOnLine ? next : (last ?? tags[0]);
}

function shown(tag: Tag | undefined): string {
  const code = (tag?.code ?? '').trim().replaceAll(/\s+/g, ' ');
  return code.length > 80 ? `${code.slice(0, 80)}…` : code;
}

function failed(source: SourceFile, error: RubyFailure, pieces: readonly Piece[]): GalleyError {
  const tag = tagAt(source, pieces, error.at);
  const at = error.at >= 0 ? error.at : (tag?.tagAt ?? 0);
  return new GalleyError({
    code: 'config.erb_failed',
    kind: 'config',
    message: `ERB in ${source.label} failed at \`${shown(tag)}\`: ${error.message} (${error.kind})`,
    location: source.locate(at),
    details: showLine(source.text, at),
    ...(error.kind === 'KeyError' && { hint: 'set the variable, or give a default' }),
    cause: error,
  });
}

function unsupported(source: SourceFile, error: Unsupported, tag: Tag | undefined): GalleyError {
  const at = error.at >= 0 ? error.at : (tag?.tagAt ?? 0);
  return new GalleyError({
    code: 'config.erb_unsupported',
    kind: 'config',
    message: `ERB in ${source.label} needs Ruby, which is not installed, for \`${shown(tag)}\``,
    location: source.locate(at),
    details: [...showLine(source.text, at), `not known to Galley: ${error.message}`],
    hint: 'install ruby, or write it with ENV[…], ENV.fetch, ||, if, each and the methods of text and lists',
    cause: error,
  });
}
