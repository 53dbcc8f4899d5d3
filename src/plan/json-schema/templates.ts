import type { JsonSchema } from '../../checks/matcher-json-schema.ts';
import { type Definitions, referTo } from './convert.ts';

/**
 * A text whose value is not known before the file is read: ERB, or a reference to a service. It may stand for a value
 * of any kind.
 */
export const TEMPLATE: JsonSchema = {
  type: 'string',
  pattern: '<%|\\$\\{',
  description: 'ERB or a reference such as ${services.db.port}',
};

const VALUES = ['items', 'additionalProperties'];
const MAPS = ['properties', 'definitions'];
const LISTS = ['anyOf', 'allOf', 'oneOf'];

/** The same schema, which also takes a template wherever it wants a value that is not just any text. Pure. */
export function withTemplates(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const value = (given: unknown): unknown => {
    if (typeof given !== 'object' || given === null) return given;
    const inner = walk(given as JsonSchema);
    if (takesTemplates(inner, definitions)) return inner;
    const { description, ...rest } = inner;
    const branches = Object.keys(rest).length === 1 && Array.isArray(rest['anyOf']) ? rest['anyOf'] : [rest];
    const both = { anyOf: [...branches, referTo('template')] };
    return description === undefined ? both : { description, ...both };
  };
  const walk = (given: JsonSchema): JsonSchema => {
    const entries = Object.entries(given).map(([key, item]) => {
      if (VALUES.includes(key)) return [key, value(item)] as const;
      if (LISTS.includes(key) && Array.isArray(item)) return [key, item.map(walk)] as const;
      if (['then', 'else'].includes(key)) return [key, walk(item as JsonSchema)] as const;
      if (!MAPS.includes(key)) return [key, item] as const;
      const one = key === 'properties' ? value : (found: unknown) => walk(found as JsonSchema);
      const map = Object.entries(item as object).map(([name, found]) => [name, one(found)] as const);
      return [key, Object.fromEntries(map)] as const;
    });
    const made = Object.fromEntries(entries);
    if (made['additionalProperties'] !== false) return made;
    return { ...made, patternProperties: { ...(made['patternProperties'] as object), '<%': {} } };
  };
  return walk(schema);
}

const LIMITS = ['enum', 'const', 'pattern', 'if', 'required'];

/** Takes any text, or names templates already. */
function takesTemplates(schema: JsonSchema, definitions: Definitions, depth = 0): boolean {
  if (depth > 10) return false;
  const take = (one: JsonSchema) => takesTemplates(one, definitions, depth + 1);
  const { $ref: reference, type, anyOf, allOf } = schema;
  if (typeof reference === 'string') {
    const name = reference.replace('#/definitions/', '');
    return name === 'template' || take(definitions[name] ?? { type: 'null' });
  }
  if ('not' in schema) return true;
  if (Array.isArray(anyOf)) return anyOf.some(take);
  // Conditions of ours are about mappings.
  if (Array.isArray(allOf) && type === undefined) return allOf.every(take);
  if (LIMITS.some((key) => key in schema)) return false;
  return type === undefined || [type].flat().includes('string');
}
