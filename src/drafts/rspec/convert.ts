import type { Ast } from '../../config/erb/ast.ts';
import { GalleyError } from '../../core/errors.ts';
import type { Converted, Draft } from '../draft.ts';
import { asText, Unfit } from '../values.ts';
import { conditionCommand } from './condition.ts';
import { factsOf, isFact } from './control.ts';
import { parseRubyFile } from './parse-file.ts';
import { type Call, type Context, Reading } from './reading.ts';
import { assigned, describeResource } from './resource.ts';
import { valueOf } from './value.ts';

/** Statements that prepare a run and assert nothing. */
const SILENT = new Set(['require', 'require_relative', 'set', 'supports', 'input', 'attribute', 'include']);
const MAX_UNROLLED = 500;

/**
 * Reads InSpec controls and serverspec files. Nothing of them is run: literal values, variables that hold them, and
 * loops over them are followed, the rest becomes gaps. Throws `convert.ruby_unreadable` when nothing could be read.
 */
export function convertRspec(text: string, label: string): Converted {
  const file = parseRubyFile(text);
  const [unread] = file.unread;
  if (unread && file.statements.length === 0) throw unreadable(label, unread);
  const on = new Reading(file, label);
  const facts = on.guarded(file.statements[0], () => factsOf(file.statements, new Map(), on)) ?? {
    tags: [],
    notes: [],
  };
  const heading = [facts.title, facts.why].filter((one) => one !== undefined);
  const ofFile = { tags: facts.tags, notes: facts.notes };
  walk(file.statements, { scope: new Map(), facts: ofFile, groups: [], only: undefined });
  return { file: label, heading, drafts: named(on.drafts), gaps: on.gaps };

  function walk(statements: readonly Ast[], outer: Context): void {
    let context = outer;
    for (const ast of statements) {
      const only =
        ast.t === 'call' && ast.receiver === undefined && ast.name === 'only_if'
          ? on.guarded(ast, () => onlyIf(ast, context))
          : undefined;
      if (only) context = { ...context, only: anded(context.only, only) };
      else if (isSkip(ast)) context = unlessSkipped(ast, context);
      else visit(ast, context);
    }
  }

  /** `next if X` in a loop: what follows is for where X does not hold. */
  function unlessSkipped(ast: Extract<Ast, { t: 'if' }>, context: Context): Context {
    const command = on.guarded(ast, () => conditionCommand(ast.test, context.scope, on));
    if (command === undefined) return context;
    const only = { if: `! { ${command}; }`, why: on.codeOf(ast) };
    return { ...context, only: anded(context.only, only) };
  }

  function visit(ast: Ast, context: Context): void {
    if (isFact(ast)) return;
    if (ast.t === 'seq') return walk(ast.body, context);
    if (ast.t === 'assign') return assign(ast, context);
    if (ast.t === 'if') return conditional(ast, context);
    if (ast.t !== 'call') return on.gap(ast, 'it is Ruby that would have to be run');
    if (ast.receiver !== undefined) return onReceiver(ast, context);
    if (SILENT.has(ast.name) || ast.name === 'only_if') return;
    if (ast.name === 'control') return control(ast, context);
    if (['describe', 'context', 'example_group'].includes(ast.name)) return describe(ast, context);
    if (/_controls?$/.test(ast.name))
      return on.gap(ast, 'the controls of another profile: convert that profile');
    on.gap(ast, `'${ast.name}' is Ruby that would have to be run`);
  }

  function assign(ast: Extract<Ast, { t: 'assign' }>, { scope }: Context): void {
    const { target, value, operator } = ast;
    const name = 'name' in target ? target.name : undefined;
    if (name === undefined) return;
    try {
      if (operator !== '=') throw new Unfit('changed');
      scope.set(name, assigned(value, scope, on));
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      // Whoever uses it is told then.
      scope.delete(name);
    }
  }

  function conditional(ast: Extract<Ast, { t: 'if' }>, context: Context): void {
    const test = on.guarded(ast, () => ({
      if: conditionCommand(ast.test, context.scope, on),
      why: on.codeOf(ast),
    }));
    if (!test) return;
    walk([ast.yes], { ...context, only: anded(context.only, test) });
    const otherwise = { if: `! { ${test.if}; }`, why: `not: ${test.why}` };
    if (ast.otherwise) walk([ast.otherwise], { ...context, only: anded(context.only, otherwise) });
  }

  function onReceiver(ast: Call, context: Context): void {
    if (ast.receiver?.t === 'call' && ast.receiver.name === 'describe')
      return on.gap(ast.receiver, 'one of several groups must hold: no equal of describe.one');
    if (ast.name !== 'each' || !ast.block || !ast.receiver)
      return on.gap(ast, 'it is Ruby that would have to be run');
    const { block, receiver } = ast;
    const values = on.guarded(ast, () => valueOf(receiver, context.scope, on));
    if (values === undefined) return;
    const rows = Array.isArray(values)
      ? values
      : typeof values === 'object' && values !== null
        ? Object.entries(values)
        : undefined;
    if (!rows || rows.length > MAX_UNROLLED)
      return on.gap(ast, 'only loops over a literal list are followed');
    for (const row of rows) {
      const scope = new Map(context.scope);
      const parts: readonly unknown[] = block.params.length > 1 && Array.isArray(row) ? row : [row];
      block.params.forEach(({ name }, at) => scope.set(name, parts[at]));
      walk([block.body], { ...context, scope });
    }
  }

  function control(ast: Call, context: Context): void {
    const { block, args } = ast;
    const id = on.guarded(ast, () => String(valueOf(args[0] ?? ast, context.scope, on)));
    if (!block || id === undefined) return;
    const statements = block.body.t === 'seq' ? block.body.body : [block.body];
    const own = on.guarded(ast, () => factsOf(statements, context.scope, on)) ?? { tags: [], notes: [] };
    walk(statements, {
      ...context,
      scope: new Map(context.scope),
      facts: { ...own, id, tags: [...context.facts.tags, ...own.tags] },
    });
  }

  function describe(ast: Call, context: Context): void {
    const [subject] = ast.args;
    if (!ast.block || !subject) return on.gap(ast, 'it has no block');
    const statements = ast.block.body.t === 'seq' ? ast.block.body.body : [ast.block.body];
    if (subject.t === 'string') {
      const text = on.guarded(ast, () => String(valueOf(subject, context.scope, on)));
      if (text !== undefined)
        walk(statements, { ...context, scope: new Map(context.scope), groups: [...context.groups, text] });
      return;
    }
    const outer = on.subject;
    on.subject = on.codeOf(ast);
    on.guarded(ast, () =>
      describeResource(ast, subject, statements, context, on, (one) => visit(one, context)),
    );
    on.subject = outer;
  }

  function onlyIf(ast: Call, context: Context): { readonly if: string; readonly why: string } {
    const condition = ast.block?.body ?? ast.args[0];
    if (!condition) throw new Unfit('it has no condition');
    const [why] = ast.block ? ast.args.map((one) => valueOf(one, context.scope, on)) : [];
    const command = conditionCommand(condition, context.scope, on);
    return { if: command, why: typeof why === 'string' ? why : on.codeOf(ast) };
  }
}

function isSkip(ast: Ast): ast is Extract<Ast, { t: 'if' }> {
  return ast.t === 'if' && ast.otherwise === undefined && ast.yes.t === 'jump' && ast.yes.kind === 'next';
}

function anded(a: Context['only'], b: Context['only']): Context['only'] {
  if (!a || !b) return a ?? b;
  return { if: `{ ${a.if}; } && { ${b.if}; }`, why: `${a.why}; ${b.why}` };
}

/** Several checks of one control get its id with a number. */
function named(drafts: readonly Draft[]): readonly Draft[] {
  const count = new Map<unknown, number>();
  for (const { item } of drafts) count.set(item['id'], (count.get(item['id']) ?? 0) + 1);
  const used = new Map<unknown, number>();
  return drafts.map((draft) => {
    const { id } = draft.item;
    if (id === undefined || count.get(id) === 1) return draft;
    const number = (used.get(id) ?? 0) + 1;
    used.set(id, number);
    return { ...draft, item: { ...draft.item, id: `${asText(id)}.${number}` } };
  });
}

function unreadable(
  label: string,
  { line, why }: { readonly line: number; readonly why: string },
): GalleyError {
  return new GalleyError({
    code: 'convert.ruby_unreadable',
    kind: 'config',
    message: `${label} cannot be read as Ruby: ${why}`,
    location: { file: label, line },
    hint: `ruby -c ${label} tells whether it is valid; what is valid and not read here is listed when other parts can be read`,
  });
}
