import { appendText, assign, assignMany, type Interpreter } from './assign.ts';
import type { Ast, Block, Call, Param } from './ast.ts';
import { RubyFailure, Unsupported } from './failure.ts';
import type { World } from './method.ts';
import { callMethod } from './methods.ts';
import { isKnownName } from './methods-modules.ts';
import { expressionOf, rubyPlatform } from './ruby-forms.ts';
import { Jump, Scope } from './scope.ts';
import {
  inspect,
  isTrue,
  RubyFloat,
  RubyHash,
  RubyModule,
  RubyProc,
  RubyRange,
  RubyRegexp,
  RubySymbol,
  toText,
  type Value,
} from './values.ts';

/** What a program did to the page: pieces of text by index, and values that tags gave out. */
export interface Output {
  text(piece: number): void;
  value(text: string, at: number): void;
}

const MAX_STEPS = 2_000_000;

/**
 * Runs a parsed template. Nothing is executed but what is written here: reading files and the given environment,
 * and computing values. Throws `RubyFailure` where Ruby would raise, `Unsupported` for all else.
 */
export function evaluate(program: Ast, world: World, output: Output): Value {
  const globals = new Map<string, Value>([
    ['$LOAD_PATH', []],
    ['$PROGRAM_NAME', 'kitchen'],
    ['$0', 'kitchen'],
  ]);
  const methods = new Map<string, { readonly params: readonly Param[]; readonly body: Ast }>();
  const constants = new Map<string, Value>([['RUBY_PLATFORM', rubyPlatform()]]);
  let steps = 0;

  const run = (node: Ast, scope: Scope): Value => {
    steps += 1;
    if (steps > MAX_STEPS) throw new RubyFailure('Timeout', 'the template does not come to an end', node.at);
    try {
      return visit(node, scope);
    } catch (error) {
      if (error instanceof RubyFailure && error.at < 0) error.at = node.at;
      if (error instanceof RangeError) throw new Unsupported('recursion without end', node.at);
      throw error;
    }
  };

  function visit(node: Ast, scope: Scope): Value {
    switch (node.t) {
      case 'nil':
        return null;
      case 'true':
        return true;
      case 'false':
        return false;
      case 'int':
        return node.value;
      case 'float':
        return new RubyFloat(node.value);
      case 'string':
        return text(node.parts, scope);
      case 'symbol':
        return new RubySymbol(node.name);
      case 'regexp': {
        const source = text(node.parts, scope);
        return new RubyRegexp(source, expressionOf(source, node.flags, node.at));
      }
      case 'array':
        return list(node.items, scope);
      case 'hash':
        return RubyHash.from(node.pairs.map(([key, value]) => [run(key, scope), run(value, scope)] as const));
      case 'range':
        return new RubyRange(run(node.from, scope), run(node.to, scope), node.exclusive);
      case 'file':
        return world.file;
      case 'dir':
        return callMethod(world, new RubyModule('File'), 'dirname', [world.file], undefined);
      case 'variable':
        // What a match leaves behind is not kept here.
        if (/^\$[\d~&]/.test(node.name)) throw new Unsupported(node.name, node.at);
        return globals.get(node.name) ?? null;
      case 'const':
        return constants.get(node.name) ?? moduleNamed(node.name, node.at);
      case 'and': {
        const left = run(node.left, scope);
        return isTrue(left) ? run(node.right, scope) : left;
      }
      case 'or': {
        const left = run(node.left, scope);
        return isTrue(left) ? left : run(node.right, scope);
      }
      case 'not':
        return !isTrue(run(node.value, scope));
      case 'if': {
        if (isTrue(run(node.test, scope))) return run(node.yes, scope);
        return node.otherwise ? run(node.otherwise, scope) : null;
      }
      case 'case':
        return chooseCase(node, scope);
      case 'while':
        return whileLoop(node, scope);
      case 'seq': {
        let last: Value = null;
        for (const one of node.body) last = run(one, scope);
        return last;
      }
      case 'text':
        output.text(node.piece);
        return null;
      case 'output':
        output.value(toText(run(node.value, scope)), node.at);
        return null;
      case 'assign':
        return assign(interpreter, node, scope);
      case 'multi':
        return assignMany(interpreter, node, scope);
      case 'rescue':
        return rescued(node, scope);
      case 'jump':
        throw new Jump(node.kind, node.value ? run(node.value, scope) : null);
      case 'def':
        methods.set(node.name, node);
        return new RubySymbol(node.name);
      case 'lambda':
        return procOf(node.block, scope, node.strict);
      case 'defined':
        return isDefined(node.value, scope);
      case 'call':
        return call(node, scope);
      default:
        throw new Unsupported(node.t, node.at);
    }
  }

  function text(parts: readonly (string | Ast)[], scope: Scope): string {
    return parts.map((part) => (typeof part === 'string' ? part : toText(run(part, scope)))).join('');
  }

  function list(items: readonly Ast[], scope: Scope): Value[] {
    return items.flatMap((item) => {
      if (item.t !== 'splat') return [run(item, scope)];
      const value = run(item.value, scope);
      if (Array.isArray(value)) return value;
      return value instanceof RubyRange ? callMethod(world, value, 'to_a', [], undefined) : [value];
    });
  }

  function chooseCase(node: Extract<Ast, { t: 'case' }>, scope: Scope): Value {
    const subject = node.subject ? run(node.subject, scope) : true;
    for (const { tests, body } of node.whens) {
      const matches = list(tests, scope).some((test) =>
        node.subject ? isTrue(callMethod(world, test, '===', [subject], undefined)) : isTrue(test),
      );
      if (matches) return run(body, scope);
    }
    return node.otherwise ? run(node.otherwise, scope) : null;
  }

  function whileLoop(node: Extract<Ast, { t: 'while' }>, scope: Scope): Value {
    try {
      while (isTrue(run(node.test, scope))) {
        try {
          run(node.body, scope);
        } catch (error) {
          if (!(error instanceof Jump) || error.kind !== 'next') throw error;
        }
      }
    } catch (error) {
      if (error instanceof Jump && error.kind === 'break') return error.value;
      throw error;
    }
    return null;
  }

  function rescued(node: Extract<Ast, { t: 'rescue' }>, scope: Scope): Value {
    try {
      return run(node.body, scope);
    } catch (error) {
      // What stops an endless template cannot be rescued.
      if (!(error instanceof RubyFailure) || error.kind === 'Timeout') throw error;
      return run(node.handler, scope);
    } finally {
      if (node.ensure) run(node.ensure, scope);
    }
  }

  function isDefined(node: Ast, scope: Scope): Value {
    if (node.t === 'call' && node.bare) {
      return scope.find(node.name) ? 'local-variable' : methods.has(node.name) ? 'method' : null;
    }
    if (node.t === 'variable') return globals.has(node.name) ? 'global-variable' : null;
    if (node.t === 'const') return constants.has(node.name) ? 'constant' : unknownHere(node);
    return 'expression';
  }

  function call(node: Call & { readonly at: number }, scope: Scope): Value {
    if (node.receiver === undefined) return ownCall(node, scope);
    const { receiver: left } = node;
    const isUnknown = left.t === 'const' && !constants.has(left.name);
    const receiver = isUnknown ? new RubyModule(left.name) : run(left, scope);
    if (node.safe && receiver === null) return null;
    const args = list(node.args, scope);
    const block = blockOf(node, scope);
    if (node.name === '<<' && typeof receiver === 'string')
      return appendText(interpreter, node, receiver, args, scope);
    try {
      return callMethod(world, receiver, node.name, args, block);
    } catch (error) {
      if (error instanceof Jump && error.kind === 'break' && node.block) return error.value;
      if (error instanceof Unsupported && error.at < 0) throw new Unsupported(error.message, node.at);
      throw error;
    }
  }

  function ownCall(node: Call & { readonly at: number }, scope: Scope): Value {
    const { name } = node;
    if (node.bare) {
      const local = scope.find(name);
      if (local) return local.values.get(name) ?? null;
    }
    const args = list(node.args, scope);
    const method = methods.get(name);
    if (method) return callOwn(method, args);
    switch (name) {
      case 'require':
      case 'require_relative':
        return true;
      case 'puts':
      case 'print':
      case 'warn':
      case 'p':
        return null;
      case 'raise':
      case 'fail':
      case 'abort':
        throw raised(args);
      case 'binding':
      case 'freeze':
        return null;
      case 'format':
      case 'sprintf':
        return callMethod(world, args[0] ?? null, '%', [args.slice(1)], undefined);
      case 'Integer':
      case 'Float':
      case 'String':
      case 'Array':
        return callMethod(world, new RubyModule('Kernel'), name, args, undefined);
      case 'block_given?':
        return false;
      default:
        throw new Unsupported(`the method ${name}`, node.at);
    }
  }

  function callOwn(
    method: { readonly params: readonly Param[]; readonly body: Ast },
    args: readonly Value[],
  ): Value {
    const scope = new Scope();
    bind(method.params, args, scope, true);
    try {
      return run(method.body, scope);
    } catch (error) {
      if (error instanceof Jump && error.kind === 'return') return error.value;
      throw error;
    }
  }

  function blockOf(node: Call, scope: Scope): RubyProc | undefined {
    if (node.block) return procOf(node.block, scope, false);
    if (!node.blockArgument) return undefined;
    const given = run(node.blockArgument, scope);
    if (given instanceof RubyProc) return given;
    if (!(given instanceof RubySymbol)) throw new Unsupported(`&${inspect(given)}`, node.blockArgument.at);
    return new RubyProc(([receiver = null, ...args]) =>
      callMethod(world, receiver, given.name, args, undefined),
    );
  }

  function procOf(block: Block, scope: Scope, isLambda: boolean): RubyProc {
    return new RubyProc((args) => {
      const inner = new Scope(scope);
      bind(block.params, args, inner, isLambda);
      if (block.params.length === 0) for (const name of ['it', '_1']) inner.values.set(name, args[0] ?? null);
      try {
        return run(block.body, inner);
      } catch (error) {
        if (error instanceof Jump && (error.kind === 'next' || (isLambda && error.kind === 'return')))
          return error.value;
        throw error;
      }
    });
  }

  function bind(params: readonly Param[], given: readonly Value[], scope: Scope, strict: boolean): void {
    const [only] = given;
    const spreads =
      !strict && given.length === 1 && Array.isArray(only) && (params.length > 1 || params[0]?.inner);
    const args = spreads && Array.isArray(only) && !(params.length === 1 && params[0]?.inner) ? only : given;
    if (strict && args.length > params.length && !params.some(({ splat }) => splat)) {
      throw new RubyFailure(
        'ArgumentError',
        `wrong number of arguments (given ${args.length}, expected ${params.length})`,
      );
    }
    for (const [index, param] of params.entries()) {
      const value = args[index];
      if (param.inner) bind(param.inner, [value ?? null], scope, false);
      else if (param.splat) scope.values.set(param.name, args.slice(index));
      else if (value === undefined && param.fallback)
        scope.values.set(param.name, run(param.fallback, scope));
      else scope.values.set(param.name, value ?? null);
    }
  }

  const interpreter: Interpreter = { world, globals, constants, run, list };
  try {
    return run(program, new Scope());
  } catch (error) {
    if (error instanceof Jump) throw new Unsupported(`${error.kind} outside a block`, program.at);
    throw error;
  }
}

function raised(args: readonly Value[]): RubyFailure {
  const [first, second] = args;
  if (first instanceof RubyModule) return new RubyFailure(first.name, toText(second ?? first.name));
  return new RubyFailure('RuntimeError', toText(first ?? 'unhandled exception'));
}

function moduleNamed(name: string, at: number): RubyModule {
  if (isKnownName(name)) return new RubyModule(name);
  throw new Unsupported(name, at);
}

function unknownHere(node: Ast): never {
  throw new Unsupported('defined? of a constant', node.at);
}
