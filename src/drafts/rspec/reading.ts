import type { Ast } from '../../config/erb/ast.ts';
import type { Draft, Gap } from '../draft.ts';
import { Unfit } from '../values.ts';
import type { Facts } from './control.ts';
import type { RubyFile } from './parse-file.ts';
import type { Evaluator } from './value.ts';

export type Call = Extract<Ast, { t: 'call' }>;

/** What holds for a statement. */
export interface Context {
  readonly scope: Map<string, unknown>;
  readonly facts: Facts;
  /** Texts of the groups around, outermost first. */
  readonly groups: readonly string[];
  readonly only: { readonly if: string; readonly why: string } | undefined;
}

/** One file while it is read: what has been found, and where. */
export class Reading implements Evaluator {
  readonly label: string;
  readonly file: RubyFile;
  readonly drafts: Draft[] = [];
  readonly gaps: Gap[];
  /** What was assumed since the last resource. */
  notes: string[] = [];
  /** Controls whose facts stand above a check already. */
  readonly told = new Set<Facts>();
  /** The resource around, as it is written. */
  subject: string | undefined;

  constructor(file: RubyFile, label: string) {
    this.label = label;
    this.file = file;
    this.gaps = file.unread.map(({ line, code, why }) => ({
      file: label,
      line,
      what: short(code),
      why: `this Ruby is not read here: ${why}`,
    }));
  }

  textAt(offset: number): string {
    return this.file.textAt(offset);
  }

  note(text: string): void {
    this.notes.push(text);
  }

  /** The first line of the code, without what opens its block. */
  codeOf(ast: Ast): string {
    return short(this.textAt(ast.at));
  }

  gap(ast: Ast, why: string): void {
    const code = this.codeOf(ast);
    const what = this.subject === undefined || this.subject === code ? code : `${this.subject}: ${code}`;
    this.gaps.push({ file: this.label, line: this.file.lineAt(ast.at), what, why });
  }

  /** Undefined, and a gap, for what is `Unfit`. */
  guarded<T>(ast: Ast | undefined, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Unfit) || !ast) throw error;
      this.gap(ast, error.message);
      return undefined;
    }
  }
}

function short(code: string): string {
  const line = (code.split('\n')[0] ?? '')
    .replace(/\s#\s.*$/, '')
    .replace(/\s+(?:do(?:\s*\|[^|]*\|)?|\{)\s*$/, '')
    .trim();
  return line.length > 70 ? `${line.slice(0, 70)}…` : line;
}
