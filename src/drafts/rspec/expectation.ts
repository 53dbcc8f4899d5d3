import type { Ast } from '../../config/erb/ast.ts';
import { Unfit } from '../values.ts';
import type { Kind, Part } from './kind.ts';
import { valueMatcher, writtenMatcher } from './matcher.ts';
import { type Evaluator, type Scope, valueOf } from './value.ts';

/**
 * One `it { should … }` or `its('x') { should … }` as parts of a check item. Throws `Unfit` for everything else that
 * can stand in a describe block.
 */
export function expectationOf(ast: Ast, kind: Kind, scope: Scope, on: Evaluator): readonly Part[] {
  if (ast.t !== 'call' || ast.receiver !== undefined) throw new Unfit('it is Ruby that would have to be run');
  const { name, args, block } = ast;
  if (name !== 'it' && name !== 'its' && name !== 'specify')
    throw new Unfit(`'${name}' is Ruby that would have to be run`);
  if (!block) throw new Unfit('it has no block');
  const { matcher, isPositive } = wanted(block.body);
  const written = writtenMatcher(matcher, scope, on);
  if (name === 'its') {
    const property = propertyOf(valueOf(args[0] ?? block.body, scope, on));
    return expected(property, kind, isPositive, written);
  }
  const word = kind.words && Object.hasOwn(kind.words, written.name) ? kind.words[written.name] : undefined;
  if (!word) throw new Unfit(`no equal of ${written.name} here`);
  return word(written, isPositive);
}

function expected(
  property: string,
  kind: Kind,
  isPositive: boolean,
  written: ReturnType<typeof writtenMatcher>,
): readonly Part[] {
  const own = kind.expect?.(property, written, isPositive);
  if (own) return own;
  const [, plain = property, trim] = /^(.*?)\.(strip|chomp)$/.exec(property) ?? [];
  const target = kind.its?.(plain);
  if (!target) throw new Unfit(`the property '${property}' has no equal`);
  const made = valueMatcher(written, target.shape, isPositive);
  return [{ path: target.path, value: trim === undefined ? made : withLineEnd(made) }];
}

/** `its('stdout.strip') { should eq 'x' }`: the end of the line does not count. */
function withLineEnd(made: unknown): unknown {
  if (typeof made !== 'object' || made === null) return made;
  if ('not' in made) return { not: withLineEnd(made.not) };
  if (!('equal' in made) || typeof made.equal !== 'string') return made;
  return { any: [{ equal: made.equal }, { equal: `${made.equal}\n` }] };
}

/** `its('a.b')`, `its(:a)`, and `its(['a', 0, 'b'])` of structured files. */
function propertyOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) throw new Unfit('the property must be literal');
  return value
    .map((one, at) => (typeof one === 'number' ? `[${one}]` : `${at === 0 ? '' : '.'}${String(one)}`))
    .join('');
}

const FORMS: Readonly<Record<string, boolean>> = { should: true, should_not: false };
const EXPECTED: Readonly<Record<string, boolean>> = { to: true, not_to: false, to_not: false };

function wanted(body: Ast): { readonly matcher: Ast; readonly isPositive: boolean } {
  if (body.t === 'call' && body.args.length === 1 && body.args[0]) {
    const [matcher] = body.args;
    if (body.receiver === undefined && Object.hasOwn(FORMS, body.name))
      return { matcher, isPositive: FORMS[body.name] ?? true };
    const { receiver } = body;
    const isExpected =
      receiver?.t === 'call' && receiver.receiver === undefined && receiver.name === 'is_expected';
    if (isExpected && Object.hasOwn(EXPECTED, body.name))
      return { matcher, isPositive: EXPECTED[body.name] ?? true };
  }
  throw new Unfit('only `should MATCHER` and `is_expected.to MATCHER` are read');
}
