import type { StringPart } from './lex.ts';

/** The part of Ruby that occurs in kitchen files. `at` is the offset in the template. */
export type Ast = { readonly at: number } & (
  | { readonly t: 'nil' | 'true' | 'false' | 'self' | 'file' | 'dir' }
  | { readonly t: 'int' | 'float'; readonly value: number }
  | { readonly t: 'symbol' | 'const' | 'variable' | 'local'; readonly name: string }
  | { readonly t: 'string'; readonly parts: readonly (string | Ast)[] }
  | { readonly t: 'regexp'; readonly parts: readonly (string | Ast)[]; readonly flags: string }
  | { readonly t: 'array'; readonly items: readonly Ast[] }
  | { readonly t: 'hash'; readonly pairs: readonly (readonly [Ast, Ast])[] }
  | { readonly t: 'range'; readonly from: Ast; readonly to: Ast; readonly exclusive: boolean }
  | { readonly t: 'and' | 'or'; readonly left: Ast; readonly right: Ast }
  | { readonly t: 'not' | 'splat' | 'output' | 'defined'; readonly value: Ast }
  | { readonly t: 'if'; readonly test: Ast; readonly yes: Ast; readonly otherwise: Ast | undefined }
  | { readonly t: 'while'; readonly test: Ast; readonly body: Ast }
  | {
      readonly t: 'case';
      readonly subject: Ast | undefined;
      readonly whens: readonly { readonly tests: readonly Ast[]; readonly body: Ast }[];
      readonly otherwise: Ast | undefined;
    }
  | { readonly t: 'seq'; readonly body: readonly Ast[] }
  | { readonly t: 'text'; readonly piece: number }
  | { readonly t: 'assign'; readonly target: Ast; readonly value: Ast; readonly operator: string }
  | { readonly t: 'multi'; readonly targets: readonly Ast[]; readonly value: Ast }
  | { readonly t: 'rescue'; readonly body: Ast; readonly handler: Ast; readonly ensure: Ast | undefined }
  | { readonly t: 'jump'; readonly kind: 'next' | 'break' | 'return'; readonly value: Ast | undefined }
  | { readonly t: 'def'; readonly name: string; readonly params: readonly Param[]; readonly body: Ast }
  | { readonly t: 'lambda'; readonly block: Block; readonly strict: boolean }
  | Call
);

export interface Call {
  readonly t: 'call';
  readonly receiver: Ast | undefined;
  readonly name: string;
  readonly args: readonly Ast[];
  readonly block: Block | undefined;
  /** `&:name` */
  readonly blockArgument: Ast | undefined;
  readonly safe: boolean;
  /** Whether it could be a local variable: a bare name without arguments. */
  readonly bare: boolean;
}

export interface Param {
  readonly name: string;
  readonly fallback: Ast | undefined;
  /** Names of a destructured parameter, `|(a, b), c|`. */
  readonly inner?: readonly Param[];
  readonly splat?: boolean;
}

export interface Block {
  readonly params: readonly Param[];
  readonly body: Ast;
}

export type { StringPart };
