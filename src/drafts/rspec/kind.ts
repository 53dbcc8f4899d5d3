import { asText, literal, negated, type Shape, Unfit } from '../values.ts';
import type { Written } from './matcher.ts';

/** A value at a place in a check item: `['owner', 'name']` → `nginx`. */
export interface Part {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** What `its('mode')` is in our words. */
export interface Target {
  readonly path: readonly string[];
  readonly shape: Shape;
}

/** What `it { should be_running }` comes to. Throws `Unfit`. */
export type Word = (written: Written, isPositive: boolean) => readonly Part[];

/** One resource of InSpec or serverspec. */
export interface Kind {
  /** The keys that say what is looked at. Throws `Unfit`. */
  readonly select: (args: readonly unknown[]) => Readonly<Record<string, unknown>>;
  /** Undefined for a property without an equal. */
  readonly its?: (property: string) => Target | undefined;
  readonly words?: Readonly<Record<string, Word>>;
  /** For properties whose matchers have a meaning of their own; asked first. Undefined: none. */
  readonly expect?: (property: string, written: Written, isPositive: boolean) => readonly Part[] | undefined;
  /** What must be said so that nothing is asserted that the source does not ask for. */
  readonly rest?: (given: ReadonlySet<string>) => readonly Part[];
  /** The last word on an item, for selectors that depend on what is expected. Throws `Unfit`. */
  readonly finish?: (item: Record<string, unknown>) => Record<string, unknown>;
}

/** The single value of `eq ['x']`, `cmp 'x'` and `include 'x'`; undefined when there is not exactly one. */
export function onlyValue({ args, chain, operator }: Written): string | undefined {
  const [value, ...others] = args.flat();
  const isOne = others.length === 0 && chain.length === 0 && (operator === undefined || operator === '==');
  return isOne && (typeof value === 'string' || typeof value === 'number') ? String(value) : undefined;
}

/** Properties with the attribute and its shape; the attribute may be a path with dots. */
export function properties(
  table: Readonly<Record<string, readonly [string, Shape]>>,
): (property: string) => Target | undefined {
  return (property) => {
    const found = Object.hasOwn(table, property) ? table[property] : undefined;
    return found && { path: found[0].split('.'), shape: found[1] };
  };
}

/** `be_enabled` → `enabled: true`, and false for `should_not`. */
export function flag(attribute: string): Word {
  return ({ chain, args }, isPositive) => {
    if (chain[0]) throw new Unfit(`no equal of .${chain[0].name}`);
    if (args.length > 0) throw new Unfit('no equal of its arguments');
    return [{ path: [attribute], value: isPositive }];
  };
}

/** `be_file` → `type: file`. */
export function valued(attribute: string, value: unknown): Word {
  return (_written, isPositive) => [
    { path: attribute.split('.'), value: isPositive ? value : negated(value) },
  ];
}

/** `be_owned_by 'root'` → `owner: root`. */
export function given(attribute: string, shape: Shape): Word {
  return ({ args, name }, isPositive) => {
    const [value] = args;
    if (value === undefined || value === null) throw new Unfit(`${name} needs a value`);
    const text = shape === 'number' ? Number(value) : asText(value);
    const isList = shape === 'list' || shape === 'plain list';
    const plain = literal(text, shape);
    const made = isList ? (isPositive ? [plain] : { none: plain }) : isPositive ? plain : negated(plain);
    return [{ path: attribute.split('.'), value: made }];
  };
}

export function text(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  throw new Unfit(`${what} must be a literal text`);
}

/** The options at the end of the arguments. */
export function options(args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const last = args.at(-1);
  return typeof last === 'object' &&
    last !== null &&
    !Array.isArray(last) &&
    Object.getPrototypeOf(last) === Object.prototype
    ? (last as Record<string, unknown>)
    : {};
}

/** Refuses options that nobody has read. */
export function refuseOthers(given: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const other = Object.keys(given).find((key) => !known.includes(key));
  if (other !== undefined) throw new Unfit(`no equal of the option ${other}`);
}
