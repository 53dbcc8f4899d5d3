import type { Ast } from './ast.ts';
import { evaluate } from './evaluate.ts';
import { RubyFailure } from './failure.ts';
import { lexTemplate } from './lex.ts';
import type { World } from './method.ts';
import { parse } from './parse.ts';
import type { ErbContext } from './render.ts';
import { type Piece, type Stretch, splitTemplate } from './template.ts';

/** What a template may give out: far above real kitchens. */
const MAX_OUTPUT = 2 * 1024 * 1024;

/** Renders a template with the evaluator. Throws `RubyFailure` and `Unsupported`. */
export function renderPieces(
  pieces: readonly Piece[],
  world: World,
): { readonly text: string; readonly stretches: readonly Stretch[]; readonly swallowed: readonly Piece[] } {
  const swallowed: number[] = [];
  const program: Ast = parse(lexTemplate(pieces, swallowed));
  const stretches: Stretch[] = [];
  const parts: string[] = [];
  let length = 0;
  const add = (text: string, from: number, exact: boolean) => {
    stretches.push({ start: length, from, exact });
    parts.push(text);
    length += text.length;
    if (length > MAX_OUTPUT)
      throw new RubyFailure('Output', `more than ${MAX_OUTPUT} characters are given out`, from);
  };
  const tagStarts = new Map(
    pieces.map((piece) => [piece.at, piece.kind === 'text' ? piece.at : piece.tagAt]),
  );
  evaluate(program, world, {
    text(index) {
      const piece = pieces[index];
      if (piece?.kind === 'text') add(piece.text, piece.at, true);
    },
    value: (text, at) => add(text, tagStarts.get(at) ?? at, false),
  });
  return {
    text: parts.join(''),
    stretches,
    swallowed: pieces.filter((_, index) => swallowed.includes(index)),
  };
}

/** What the code in a template sees. */
export function worldOf(file: string, context: ErbContext): World {
  const world: World = {
    file,
    cwd: context.root,
    env: { ...context.env },
    render: (template, trim) => renderPieces(splitTemplate(template, trim), world).text,
  };
  return world;
}
