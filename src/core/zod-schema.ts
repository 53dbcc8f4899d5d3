import { z } from 'zod';
import type { PathSegment } from './kitchen.ts';

type Schema = z.core.$ZodType;
interface AnyDef {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly out?: Schema;
  readonly getter?: () => Schema;
  readonly options?: readonly Schema[];
  readonly left?: Schema;
  readonly right?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly element?: Schema;
  readonly items?: readonly Schema[];
  readonly valueType?: Schema;
}

/** The schemas that may apply at `path`: several where unions are passed. Wrappers (optional, pipe, …) are opened. */
export function branchesAt(
  schema: Schema,
  path: readonly PathSegment[],
): readonly { readonly def: AnyDef }[] {
  let current: readonly AnyDef[] = alternatives(schema);
  for (const segment of path) {
    current = current.flatMap((def) => {
      const child = childOf(def, segment);
      return child ? alternatives(child) : [];
    });
  }
  return current.map((def) => ({ def }));
}

/** Keys that objects at `path` may have. */
export function knownKeysAt(schema: Schema, path: readonly PathSegment[]): readonly string[] {
  const keys = branchesAt(schema, path).flatMap(({ def }) => (def.shape ? Object.keys(def.shape) : []));
  return [...new Set(keys)];
}

function childOf(def: AnyDef, segment: PathSegment): Schema | undefined {
  if (def.shape) return def.shape[String(segment)];
  if (def.items && typeof segment === 'number') return def.items[segment];
  return def.element ?? def.valueType;
}

function alternatives(schema: Schema, depth = 0): readonly AnyDef[] {
  if (depth > 20) return [];
  const def = (schema as z.ZodType).def as unknown as AnyDef;
  const inner = [
    def.innerType,
    def.in,
    def.type === 'lazy' ? def.getter?.() : undefined,
    def.left,
    def.right,
  ];
  // What a pipe gives out matters too: preprocess() has its real schema there.
  if (def.type === 'pipe') inner.push(def.out);
  const next = [...inner, ...(def.options ?? [])].filter((one) => one !== undefined);
  return next.length === 0 ? [def] : next.flatMap((one) => alternatives(one, depth + 1));
}

/** Without optional, nullable, default, transform and the like: the schema of what the user writes. */
export function unwrap(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.def.innerType as z.ZodType);
  }
  if (schema instanceof z.ZodPipe) {
    const from = schema.def.in as z.ZodType;
    return unwrap(from instanceof z.ZodTransform ? (schema.def.out as z.ZodType) : from);
  }
  return schema;
}
