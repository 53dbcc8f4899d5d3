type Json = Readonly<Record<string, unknown>>;

/** The keywords of JSON Schema that are understood; with any other one nothing fits. */
const KEYWORDS = new Set([
  '$schema',
  '$defs',
  '$ref',
  'description',
  'type',
  'enum',
  'const',
  'anyOf',
  'items',
  'properties',
  'propertyNames',
  'required',
  'additionalProperties',
  'minimum',
  'maximum',
]);

/**
 * Whether plain data certainly fits a JSON Schema. False also in doubt: who needs to know asks the schema's own
 * library, which says what is wrong.
 */
export function fitsShape(value: unknown, shape: Json): boolean {
  const definitions = (shape['$defs'] ?? {}) as Readonly<Record<string, Json>>;

  function fits(one: unknown, wanted: Json): boolean {
    for (const keyword in wanted) if (!KEYWORDS.has(keyword)) return false;
    const { type, enum: words, anyOf: branches } = wanted;
    const reference = wanted['$ref'] as string | undefined;
    if (reference !== undefined) {
      const target = definitions[reference.replace('#/$defs/', '')];
      if (target === undefined || !fits(one, target)) return false;
    }
    if (type !== undefined && !isOfType(one, type)) return false;
    if (words !== undefined && !(words as readonly unknown[]).includes(one)) return false;
    if ('const' in wanted && one !== wanted['const']) return false;
    if (branches !== undefined && !(branches as readonly Json[]).some((branch) => fits(one, branch))) {
      return false;
    }
    if (typeof one === 'number') return isWithin(one, wanted);
    if (Array.isArray(one)) {
      const items = wanted['items'] as Json | undefined;
      return items === undefined || one.every((item) => fits(item, items));
    }
    return typeof one !== 'object' || one === null || fitsMembers(one as Json, wanted);
  }

  function fitsMembers(members: Json, wanted: Json): boolean {
    const properties = (wanted['properties'] ?? {}) as Readonly<Record<string, Json>>;
    const others = wanted['additionalProperties'] as Json | boolean | undefined;
    for (const key of Object.keys(members)) {
      const member = Object.hasOwn(properties, key) ? properties[key] : others;
      if (member === false) return false;
      if (typeof member === 'object' && !fits(members[key], member)) return false;
    }
    return ((wanted['required'] ?? []) as readonly string[]).every((key) => Object.hasOwn(members, key));
  }

  return fits(value, shape);
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isSafeInteger(value);
    default:
      return typeof value === type;
  }
}

function isWithin(value: number, { minimum, maximum }: Json): boolean {
  return (
    !(typeof minimum === 'number' && value < minimum) && !(typeof maximum === 'number' && value > maximum)
  );
}
