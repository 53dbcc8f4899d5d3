import type { Ast } from '../../config/erb/ast.ts';
import type { Draft, Item } from '../draft.ts';
import { Unfit } from '../values.ts';
import { expectationOf } from './expectation.ts';
import { INSTEAD, KINDS } from './kinds/index.ts';
import { itemsOf } from './merge.ts';
import type { Call, Context, Reading } from './reading.ts';
import { type Evaluator, type Scope, valueOf } from './value.ts';

/** What `site = file('/x')` holds. */
export class Held {
  readonly call: Ast;
  constructor(call: Ast) {
    this.call = call;
  }
}

/** The value of an assignment: a resource, or a literal. Throws `Unfit`. */
export function assigned(value: Ast, scope: Scope, on: Evaluator): unknown {
  const isResource = value.t === 'call' && value.receiver === undefined && Object.hasOwn(KINDS, value.name);
  return isResource ? new Held(value) : valueOf(value, scope, on);
}

/**
 * Checks of `describe RESOURCE do …`. `group` is given what is described inside of it. Throws `Unfit` for what is no
 * resource with literal arguments.
 */
export function describeResource(
  ast: Call,
  given: Ast,
  statements: readonly Ast[],
  context: Context,
  on: Reading,
  group: (ast: Ast) => void,
): void {
  const held = 'name' in given ? context.scope.get(given.name) : undefined;
  const subject = held instanceof Held ? held.call : given;
  if (subject.t !== 'call' || subject.receiver !== undefined)
    throw new Unfit('what is described must be a resource with literal arguments');
  const { name } = subject;
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (!kind)
    throw new Unfit(
      `no check type is like ${name}${INSTEAD[name] === undefined ? '' : `: ${INSTEAD[name]}`}`,
    );
  on.notes = [];
  const selector = kind.select(subject.args.map((one) => valueOf(one, context.scope, on)));
  const before = on.gaps.length;
  const expectations = statements.flatMap((one) => {
    if (isGroup(one)) {
      group(one);
      return [];
    }
    const parts = on.guarded(one, () => expectationOf(one, kind, context.scope, on));
    return parts === undefined ? [] : [parts];
  });
  if (expectations.length === 0 && on.gaps.length === before && !statements.some(isGroup))
    throw new Unfit('nothing is expected of it');
  if (expectations.length === 0) return;
  const line = on.file.lineAt(ast.at);
  for (const item of itemsOf(kind, selector, expectations))
    on.drafts.push(draftOf(item, line, ast, context, on));
}

function draftOf(
  item: Item,
  line: number,
  ast: Ast,
  { facts: own, groups, only }: Context,
  on: Reading,
): Draft {
  const what = on.codeOf(ast);
  // What a control says of itself stands above its first check.
  const isFirst = !on.told.has(own);
  on.told.add(own);
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
    `${on.label}:${line}: ${what}`,
    ...groups,
    ...new Set(on.notes),
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

function isGroup(ast: Ast): boolean {
  return ast.t === 'call' && ast.receiver === undefined && ['describe', 'context'].includes(ast.name);
}
