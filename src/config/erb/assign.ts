import type { Ast, Call } from './ast.ts';
import { Unsupported } from './failure.ts';
import type { World } from './method.ts';
import { callMethod } from './methods.ts';
import type { Scope } from './scope.ts';
import { isTrue, toText, type Value } from './values.ts';

/** What assigning needs of the evaluator. */
export interface Interpreter {
  readonly world: World;
  readonly globals: Map<string, Value>;
  readonly constants: Map<string, Value>;
  run(node: Ast, scope: Scope): Value;
  list(items: readonly Ast[], scope: Scope): Value[];
}

export function assign(i: Interpreter, node: Extract<Ast, { t: 'assign' }>, scope: Scope): Value {
  const { target, operator } = node;
  if (operator === '=') return store(i, target, i.run(node.value, scope), scope);
  const known =
    target.t === 'call' && target.bare
      ? (scope.find(target.name)?.values.get(target.name) ?? null)
      : undefined;
  const before = known === undefined ? i.run(target, scope) : known;
  if (operator === '||=') return isTrue(before) ? before : store(i, target, i.run(node.value, scope), scope);
  if (operator === '&&=') return isTrue(before) ? store(i, target, i.run(node.value, scope), scope) : before;
  const value = callMethod(i.world, before, operator.slice(0, -1), [i.run(node.value, scope)], undefined);
  return store(i, target, value, scope);
}

export function assignMany(i: Interpreter, node: Extract<Ast, { t: 'multi' }>, scope: Scope): Value {
  const value = i.run(node.value, scope);
  const values = Array.isArray(value) ? value : [value];
  const splat = node.targets.findIndex((target) => target.t === 'splat');
  const after = splat === -1 ? 0 : node.targets.length - splat - 1;
  for (const [index, target] of node.targets.entries()) {
    if (target.t === 'splat') store(i, target.value, values.slice(index, values.length - after), scope);
    else if (splat !== -1 && index > splat)
      store(i, target, values.at(index - node.targets.length) ?? null, scope);
    else store(i, target, values[index] ?? null, scope);
  }
  return value;
}

export function store(i: Interpreter, target: Ast, value: Value, scope: Scope): Value {
  if (target.t === 'variable') i.globals.set(target.name, value);
  else if (target.t === 'const') i.constants.set(target.name, value);
  else if (target.t === 'call' && target.bare) scope.assign(target.name, value);
  else if (target.t === 'call' && target.name === '[]' && target.receiver) {
    const args = [...i.list(target.args, scope), value];
    callMethod(i.world, i.run(target.receiver, scope), '[]=', args, undefined);
  } else throw new Unsupported('this assignment', target.at);
  return value;
}

/** Texts do not change here, so that appending stores a new one where the old one was. */
export function appendText(
  i: Interpreter,
  node: Call & { readonly at: number },
  receiver: string,
  args: readonly Value[],
  scope: Scope,
): Value {
  let target = node.receiver;
  while (target?.t === 'call' && target.name === '<<') target = target.receiver;
  if (target === undefined || target.t !== 'call' || !(target.bare || target.name === '[]')) {
    throw new Unsupported('<< on a text', node.at);
  }
  return store(i, target, receiver + toText(args[0] ?? null), scope);
}
