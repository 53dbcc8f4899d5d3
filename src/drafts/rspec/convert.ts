import type { Ast } from '../../config/erb/ast.ts';
import { GalleyError } from '../../core/errors.ts';
import type { Converted, Draft, Gap, Item } from '../draft.ts';
import { asText, Unfit } from '../values.ts';
import { conditionCommand } from './condition.ts';
import { type Facts, factsOf, isFact } from './control.ts';
import { expectationOf } from './expectation.ts';
import { INSTEAD, KINDS } from './kinds/index.ts';
import { itemsOf } from './merge.ts';
import { parseRubyFile } from './parse-file.ts';
import { valueOf } from './value.ts';

type Call = Extract<Ast, { t: 'call' }>;

/** What `site = file('/x')` holds. */
class Resource {
  readonly call: Ast;
  constructor(call: Ast) {
    this.call = call;
  }
}

interface Context {
  readonly scope: Map<string, unknown>;
  readonly facts: Facts;
  /** Texts of the groups around, outermost first. */
  readonly groups: readonly string[];
  readonly only: { readonly if: string; readonly why: string } | undefined;
}

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
  const drafts: Draft[] = [];
  const gaps: Gap[] = file.unread.map(({ line, code, why }) => ({
    file: label,
    line,
    what: short(code),
    why: `this Ruby is not read here: ${why}`,
  }));
  let notes: string[] = [];
  const on = {
    textAt: (offset: number) => file.textAt(offset),
    note: (note: string) => void notes.push(note),
  };
  const told = new Set<Facts>();
  let subjectCode: string | undefined;
  const gap = (ast: Ast, why: string): void => {
    const code = short(codeAt(ast));
    const what = subjectCode === undefined || subjectCode === code ? code : `${subjectCode}: ${code}`;
    gaps.push({ file: label, line: file.lineAt(ast.at), what, why });
  };

  const facts = guarded(file.statements[0], () => factsOf(file.statements, new Map(), on)) ?? {
    tags: [],
    notes: [],
  };
  const heading = [facts.title, facts.why].filter((one) => one !== undefined);
  const ofFile = { tags: facts.tags, notes: facts.notes };
  walk(file.statements, { scope: new Map(), facts: ofFile, groups: [], only: undefined });
  return { file: label, heading, drafts: named(drafts), gaps };

  function walk(statements: readonly Ast[], outer: Context): void {
    let context = outer;
    for (const ast of statements) {
      const only =
        ast.t === 'call' && ast.receiver === undefined && ast.name === 'only_if'
          ? guarded(ast, () => onlyIf(ast, context))
          : undefined;
      if (only) context = { ...context, only: anded(context.only, only) };
      else if (isSkip(ast)) context = unlessSkipped(ast, context);
      else visit(ast, context);
    }
  }

  /** `next if X` in a loop: what follows is for where X does not hold. */
  function unlessSkipped(ast: Extract<Ast, { t: 'if' }>, context: Context): Context {
    const command = guarded(ast, () => conditionCommand(ast.test, context.scope, on));
    if (command === undefined) return context;
    const only = { if: `! { ${command}; }`, why: short(codeAt(ast)) };
    return { ...context, only: anded(context.only, only) };
  }

  function visit(ast: Ast, context: Context): void {
    if (isFact(ast)) return;
    if (ast.t === 'seq') return walk(ast.body, context);
    if (ast.t === 'assign') return assign(ast, context);
    if (ast.t === 'if') return conditional(ast, context);
    if (ast.t !== 'call') return gap(ast, 'it is Ruby that would have to be run');
    if (ast.receiver !== undefined) return onReceiver(ast, context);
    if (SILENT.has(ast.name) || ast.name === 'only_if') return;
    if (ast.name === 'control') return control(ast, context);
    if (['describe', 'context', 'example_group'].includes(ast.name)) return describe(ast, context);
    if (/_controls?$/.test(ast.name))
      return gap(ast, 'the controls of another profile: convert that profile');
    gap(ast, `'${ast.name}' is Ruby that would have to be run`);
  }

  function assign(ast: Extract<Ast, { t: 'assign' }>, { scope }: Context): void {
    const { target, value, operator } = ast;
    const name = 'name' in target ? target.name : undefined;
    if (name === undefined) return;
    try {
      if (operator !== '=') throw new Unfit('changed');
      const isResource =
        value.t === 'call' && value.receiver === undefined && Object.hasOwn(KINDS, value.name);
      scope.set(name, isResource ? new Resource(value) : valueOf(value, scope, on));
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      // Whoever uses it is told then.
      scope.delete(name);
    }
  }

  function conditional(ast: Extract<Ast, { t: 'if' }>, context: Context): void {
    const test = guarded(ast, () => ({
      if: conditionCommand(ast.test, context.scope, on),
      why: short(codeAt(ast)),
    }));
    if (!test) return;
    walk([ast.yes], { ...context, only: anded(context.only, test) });
    const otherwise = { if: `! { ${test.if}; }`, why: `not: ${test.why}` };
    if (ast.otherwise) walk([ast.otherwise], { ...context, only: anded(context.only, otherwise) });
  }

  function onReceiver(ast: Call, context: Context): void {
    if (ast.receiver?.t === 'call' && ast.receiver.name === 'describe')
      return gap(ast.receiver, 'one of several groups must hold: no equal of describe.one');
    if (ast.name !== 'each' || !ast.block || !ast.receiver)
      return gap(ast, 'it is Ruby that would have to be run');
    const { block, receiver } = ast;
    const values = guarded(ast, () => valueOf(receiver, context.scope, on));
    if (values === undefined) return;
    const rows = Array.isArray(values)
      ? values
      : typeof values === 'object' && values !== null
        ? Object.entries(values)
        : undefined;
    if (!rows || rows.length > MAX_UNROLLED) return gap(ast, 'only loops over a literal list are followed');
    for (const row of rows) {
      const scope = new Map(context.scope);
      const parts: readonly unknown[] = block.params.length > 1 && Array.isArray(row) ? row : [row];
      block.params.forEach(({ name }, at) => scope.set(name, parts[at]));
      walk([block.body], { ...context, scope });
    }
  }

  function control(ast: Call, context: Context): void {
    const { block, args } = ast;
    const id = guarded(ast, () => String(valueOf(args[0] ?? ast, context.scope, on)));
    if (!block || id === undefined) return;
    const statements = block.body.t === 'seq' ? block.body.body : [block.body];
    const own = guarded(ast, () => factsOf(statements, context.scope, on)) ?? { tags: [], notes: [] };
    walk(statements, {
      ...context,
      scope: new Map(context.scope),
      facts: { ...own, id, tags: [...context.facts.tags, ...own.tags] },
    });
  }

  function describe(ast: Call, context: Context): void {
    const [subject] = ast.args;
    if (!ast.block || !subject) return gap(ast, 'it has no block');
    const statements = ast.block.body.t === 'seq' ? ast.block.body.body : [ast.block.body];
    if (subject.t === 'string') {
      const text = guarded(ast, () => String(valueOf(subject, context.scope, on)));
      if (text !== undefined)
        walk(statements, { ...context, scope: new Map(context.scope), groups: [...context.groups, text] });
      return;
    }
    const outer = subjectCode;
    subjectCode = short(codeAt(ast));
    guarded(ast, () => resource(ast, subject, statements, context));
    subjectCode = outer;
  }

  function resource(ast: Call, given: Ast, statements: readonly Ast[], context: Context): void {
    const held = 'name' in given ? context.scope.get(given.name) : undefined;
    const subject = held instanceof Resource ? held.call : given;
    if (subject.t !== 'call' || subject.receiver !== undefined)
      throw new Unfit('what is described must be a resource with literal arguments');
    const { name } = subject;
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
    if (!kind)
      throw new Unfit(
        `no check type is like ${name}${INSTEAD[name] === undefined ? '' : `: ${INSTEAD[name]}`}`,
      );
    notes = [];
    const selector = kind.select(subject.args.map((one) => valueOf(one, context.scope, on)));
    const before = gaps.length;
    const expectations = statements.flatMap((one) => {
      if (isGroup(one)) {
        visit(one, context);
        return [];
      }
      const parts = guarded(one, () => expectationOf(one, kind, context.scope, on));
      return parts === undefined ? [] : [parts];
    });
    if (expectations.length === 0 && gaps.length === before && !statements.some(isGroup))
      throw new Unfit('nothing is expected of it');
    if (expectations.length === 0) return;
    const line = file.lineAt(ast.at);
    for (const item of itemsOf(kind, selector, expectations)) drafts.push(draftOf(item, line, ast, context));
  }

  function draftOf(item: Item, line: number, ast: Ast, { facts: own, groups, only }: Context): Draft {
    const what = short(codeAt(ast));
    // What a control says of itself stands above its first check.
    const isFirst = !told.has(own);
    told.add(own);
    const about = [own.id === undefined ? undefined : `control ${own.id}`, own.title].filter(
      (one) => one !== undefined,
    );
    const ofControl = [...(about.length > 0 ? [about.join(': ')] : []), ...own.notes];
    const isAbsent = item['active'] === false || item['enabled'] === false;
    const unknown = isAbsent
      ? ['a unit that nobody knows is an error here; if it must not be there, write exists: false']
      : [];
    const comments = [
      ...(isFirst ? ofControl : []),
      `${label}:${line}: ${what}`,
      ...groups,
      ...new Set(notes),
      ...unknown,
    ];
    return {
      line,
      what,
      comments,
      item: {
        ...item,
        ...(own.id !== undefined && { id: own.id }),
        ...(own.why !== undefined && own.why !== '' && { why: own.why }),
        ...(own.severity !== undefined && { severity: own.severity }),
        ...(own.tags.length > 0 && { tags: own.tags }),
        ...(only && { only }),
      },
    };
  }

  function onlyIf(ast: Call, context: Context): { readonly if: string; readonly why: string } {
    const condition = ast.block?.body ?? ast.args[0];
    if (!condition) throw new Unfit('it has no condition');
    const [why] = ast.block ? ast.args.map((one) => valueOf(one, context.scope, on)) : [];
    const command = conditionCommand(condition, context.scope, on);
    return { if: command, why: typeof why === 'string' ? why : short(codeAt(ast)) };
  }

  /** Undefined, and a gap, for what is `Unfit`. */
  function guarded<T>(ast: Ast | undefined, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Unfit) || !ast) throw error;
      gap(ast, error.message);
      return undefined;
    }
  }

  function codeAt(ast: Ast): string {
    return file.textAt(ast.at);
  }
}

function isSkip(ast: Ast): ast is Extract<Ast, { t: 'if' }> {
  return ast.t === 'if' && ast.otherwise === undefined && ast.yes.t === 'jump' && ast.yes.kind === 'next';
}

function isGroup(ast: Ast): boolean {
  return ast.t === 'call' && ast.receiver === undefined && ['describe', 'context'].includes(ast.name);
}

function anded(a: Context['only'], b: Context['only']): Context['only'] {
  if (!a || !b) return a ?? b;
  return { if: `{ ${a.if}; } && { ${b.if}; }`, why: `${a.why}; ${b.why}` };
}

/** The first line of code, without what opens its block. */
function short(code: string): string {
  const line = (code.split('\n')[0] ?? '')
    .replace(/\s#\s.*$/, '')
    .replace(/\s+(?:do(?:\s*\|[^|]*\|)?|\{)\s*$/, '')
    .trim();
  return line.length > 70 ? `${line.slice(0, 70)}…` : line;
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
