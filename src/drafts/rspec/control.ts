import type { Ast } from '../../config/erb/ast.ts';
import { Unfit } from '../values.ts';
import { type Evaluator, type Scope, valueOf } from './value.ts';

/** What a control, or a whole file, says of its checks. */
export interface Facts {
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly why?: string | undefined;
  readonly severity?: string | undefined;
  readonly tags: readonly string[];
  /** For readers only. */
  readonly notes: readonly string[];
}

const WORDS = new Set(['title', 'desc', 'impact', 'tag', 'ref']);

export function isFact(ast: Ast): boolean {
  return ast.t === 'call' && ast.receiver === undefined && WORDS.has(ast.name);
}

/** `title`, `desc`, `impact`, `tag` and `ref` among the statements. Throws `Unfit` for values that are not literal. */
export function factsOf(statements: readonly Ast[], scope: Scope, on: Evaluator): Facts {
  const notes: string[] = [];
  const tags: string[] = [];
  let [title, why, severity]: (string | undefined)[] = [];
  for (const ast of statements) {
    if (ast.t !== 'call' || !isFact(ast)) continue;
    const args = ast.args.map((one) => valueOf(one, scope, on));
    const [first, second] = args;
    if (ast.name === 'title') title = oneLine(String(first));
    else if (ast.name === 'desc' && second === undefined) why = oneLine(String(first));
    else if (ast.name === 'desc') notes.push(`${String(first)}: ${String(second)}`);
    else if (ast.name === 'impact') severity = severityOf(first);
    else if (ast.name === 'ref') notes.push(`see ${args.map(told).join(', ')}`);
    else
      for (const one of args) {
        if (typeof one === 'string') tags.push(one);
        else notes.push(`tag ${told(one)}`);
      }
  }
  return { title, why, severity, tags, notes };
}

/** InSpec's words for its numbers (docs: impact). An impact of 0 is for information, and has no word of ours. */
function severityOf(impact: unknown): string | undefined {
  if (typeof impact === 'string')
    return ['low', 'medium', 'high', 'critical'].find((one) => one === impact.toLowerCase());
  if (typeof impact !== 'number') throw new Unfit('the impact must be literal');
  if (impact < 0.01) return undefined;
  if (impact < 0.4) return 'low';
  if (impact < 0.7) return 'medium';
  return impact < 0.9 ? 'high' : 'critical';
}

function told(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, one]) => `${key}: ${String(one)}`)
    .join(', ');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
