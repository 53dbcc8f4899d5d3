import type { EngineName } from './engines.ts';

/** What a statement's `:name` may stand for. */
export type Parameter = string | number | boolean | null;

type Piece =
  | { readonly kind: 'text' | 'comment' | 'end'; readonly text: string }
  | { readonly kind: 'parameter'; readonly text: string; readonly name: string };

/** What may not be taken apart: quotes, comments, casts; by the rules of each engine. */
const OPAQUE = {
  postgres: String.raw`[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>\w*)\$[^]*?\$\k<tag>\$`,
  mysql: String.raw`'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"|` + '`[^`]*`',
  sqlite: String.raw`'(?:[^']|'')*'|"(?:[^"]|"")*"|` + '`[^`]*`|\\[[^\\]]*\\]',
} as const;
const COMMENT = { postgres: '--[^\\n]*', mysql: '(?:--\\s|#)[^\\n]*', sqlite: '--[^\\n]*' } as const;

function pieces(sql: string, engine: EngineName): Piece[] {
  const all = new RegExp(
    `(?<opaque>${OPAQUE[engine]})|(?<comment>${COMMENT[engine]}|/\\*[^]*?\\*/)|(?<end>;)|::|:=|:(?<name>[A-Za-z_]\\w*)`,
    'g',
  );
  const found: Piece[] = [];
  let from = 0;
  for (const match of sql.matchAll(all)) {
    if (match.index > from) found.push({ kind: 'text', text: sql.slice(from, match.index) });
    from = match.index + match[0].length;
    const { comment, end, name } = match.groups ?? {};
    if (name !== undefined) found.push({ kind: 'parameter', text: match[0], name });
    else
      found.push({
        kind: comment !== undefined ? 'comment' : end !== undefined ? 'end' : 'text',
        text: match[0],
      });
  }
  if (from < sql.length) found.push({ kind: 'text', text: sql.slice(from) });
  return found;
}

export interface StatementProblem {
  readonly at: 'sql' | 'params';
  readonly message: string;
}

/** What is wrong with a statement, as far as it can be told; the engine may not be known before the check runs. Pure. */
export function problemOf(
  sql: string,
  params: readonly string[],
  engine: EngineName | undefined,
): StatementProblem | undefined {
  const problems = (engine ? [engine] : (['postgres', 'mysql'] as const)).map((one) =>
    problemIn(sql, params, one),
  );
  return problems.every((one) => one !== undefined) ? problems[0] : undefined;
}

function problemIn(sql: string, params: readonly string[], engine: EngineName): StatementProblem | undefined {
  const all = pieces(sql, engine);
  const end = all.findIndex((piece) => piece.kind === 'end');
  const isMore = (piece: Piece): boolean =>
    piece.kind === 'parameter' || (piece.kind === 'text' && piece.text.trim() !== '');
  if (end >= 0 && all.slice(end + 1).some(isMore))
    return {
      at: 'sql',
      message: 'several statements: a check asks with one; use a WITH query, or several checks',
    };
  const isBackslash = all.some(
    (piece) => piece.kind === 'text' && !/^[eE]?['"`$[]/.test(piece.text) && piece.text.includes('\\'),
  );
  if (isBackslash)
    return { at: 'sql', message: 'a backslash outside of quotes is a command of the client, not SQL' };
  const used = new Set(all.flatMap((piece) => (piece.kind === 'parameter' ? [piece.name] : [])));
  const missing = [...used].find((name) => !params.includes(name));
  if (missing !== undefined)
    return {
      at: 'sql',
      message: `no parameter '${missing}': give it under params, or put a space after the colon`,
    };
  const unused = params.find((name) => !used.has(name));
  return unused === undefined ? undefined : { at: 'params', message: `the statement has no :${unused}` };
}

/** The statement with literals in the place of parameters, without a `;` at its end. Pure. */
export function withParameters(
  sql: string,
  params: Readonly<Record<string, Parameter>>,
  engine: EngineName,
): string {
  const text = pieces(sql, engine)
    .filter((piece) => piece.kind !== 'end')
    .map((piece) =>
      piece.kind === 'parameter' ? ` ${literal(params[piece.name] ?? null, engine)} ` : piece.text,
    )
    .join('');
  return text.trim();
}

/** A literal that no content can break out of: every byte of a text is escaped or written as hexadecimal. */
export function literal(value: Parameter, engine: EngineName): string {
  if (value === null) return 'NULL';
  // A minus could meet another one and become a comment.
  if (typeof value === 'number') return value < 0 ? `(${value})` : String(value);
  if (typeof value === 'boolean')
    return engine === 'sqlite' ? String(Number(value)) : value ? 'TRUE' : 'FALSE';
  const hex = Buffer.from(value, 'utf8').toString('hex');
  if (engine === 'mysql') return `_utf8mb4 X'${hex}'`;
  if (engine === 'sqlite') return `CAST(X'${hex}' AS TEXT)`;
  // A string literal, not an expression, so that it takes the type that is wanted: date, uuid, jsonb …
  return `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
