import type { Env } from '../find-files.ts';
import type { Piece, Stretch } from './template.ts';

const NAME = /^ENV\[(?:'(\w+)'|"(\w+)")\]$/;
const FETCH = /^ENV\.fetch\(\s*(?:'(\w+)'|"(\w+)")\s*,\s*(.+?)\s*\)$/;
const LITERAL = /^(?:'([^'\\]*)'|"([^"\\#]*)"|(0|[1-9]\d{0,14}|true|false|nil))$/;

/**
 * Renders a template whose tags are all of the kinds that most kitchens have nothing but: `ENV['X']`,
 * `ENV['X'] || 'default'`, `ENV.fetch('X', 'default')`. Undefined for any other, which is the evaluator's business:
 * loading it takes longer than such a list.
 */
export function renderPlain(
  pieces: readonly Piece[],
  env: Env,
): { readonly text: string; readonly stretches: readonly Stretch[] } | undefined {
  const stretches: Stretch[] = [];
  let text = '';
  for (const piece of pieces) {
    const isText = piece.kind === 'text';
    const part = isText ? piece.text : piece.kind === 'output' ? plainValue(piece.code, env) : undefined;
    if (part === undefined) return undefined;
    stretches.push({ start: text.length, from: isText ? piece.at : piece.tagAt, exact: isText });
    text += part;
  }
  return { text, stretches };
}

/** What a plain expression gives out: its first operand that is neither nil nor false, else the last. */
function plainValue(code: string, env: Env): string | undefined {
  const operands = code.split('||').map((part) => operand(part.trim(), env));
  if (operands.includes(undefined)) return undefined;
  const value = operands.find((one) => one !== null && one !== false) ?? operands.at(-1);
  return value === null ? '' : String(value);
}

/** The value of one operand; null is nil, undefined what is not plain. */
function operand(code: string, env: Env): string | boolean | null | undefined {
  const name = NAME.exec(code);
  if (name) return env[name[1] ?? name[2] ?? ''] ?? null;
  const fetch = FETCH.exec(code);
  if (fetch) {
    const given = env[fetch[1] ?? fetch[2] ?? ''];
    const otherwise = literal(fetch[3] ?? '');
    return otherwise === undefined ? undefined : (given ?? otherwise);
  }
  return literal(code);
}

function literal(code: string): string | boolean | null | undefined {
  const found = LITERAL.exec(code);
  if (!found) return undefined;
  const [, single, double, word = ''] = found;
  if (word === 'nil') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  return single ?? double ?? word;
}
