/**
 * A validator for the part of JSON Schema draft 7 that the schema of kitchen files uses; any other keyword throws, so
 * that nothing is passed over. Gives the paths of what does not fit, innermost first found.
 */
export function schemaFaults(root: Schema, value: unknown): readonly string[] {
  return faults(root, value, '', root);
}

type Schema = { readonly [keyword: string]: unknown };

const SAYS_NOTHING = ['$schema', 'title', 'description', 'definitions', 'default'];

function faults(schema: Schema, value: unknown, at: string, root: Schema): readonly string[] {
  const inside = (one: unknown, item = value, path = at): readonly string[] =>
    typeof one === 'boolean' ? (one ? [] : [path]) : faults(one as Schema, item, path, root);
  const fits = (one: unknown): boolean => inside(one).length === 0;
  const wrong = (isWrong: boolean): readonly string[] => (isWrong ? [at === '' ? '/' : at] : []);
  return Object.entries(schema).flatMap(([keyword, wanted]): readonly string[] => {
    const list = wanted as readonly unknown[];
    switch (keyword) {
      case '$ref': {
        const name = String(wanted).replace('#/definitions/', '');
        const target = (root['definitions'] as Record<string, unknown>)[name];
        if (target === undefined) throw new Error(`no definition ${name}`);
        return inside(target);
      }
      case 'type':
        return wrong(!([wanted].flat() as string[]).some((type) => isOfType(value, type)));
      case 'enum':
        return wrong(!list.includes(value));
      case 'const':
        return wrong(value !== wanted);
      case 'not':
        return wrong(fits(wanted));
      case 'allOf':
        return list.flatMap((one) => inside(one));
      case 'anyOf': {
        if (list.some(fits)) return [];
        const deepest = list.map((one) => inside(one)).toSorted((a, b) => depth(b) - depth(a))[0];
        return deepest ?? wrong(true);
      }
      case 'oneOf':
        return wrong(list.filter(fits).length !== 1);
      case 'if':
        return inside(fits(wanted) ? (schema['then'] ?? true) : (schema['else'] ?? true));
      case 'then':
      case 'else':
        return [];
      case 'pattern':
        return wrong(typeof value === 'string' && !new RegExp(String(wanted)).test(value));
      case 'minLength':
        return wrong(typeof value === 'string' && value.length < Number(wanted));
      case 'minimum':
        return wrong(typeof value === 'number' && value < Number(wanted));
      case 'exclusiveMinimum':
        return wrong(typeof value === 'number' && value <= Number(wanted));
      case 'maximum':
        return wrong(typeof value === 'number' && value > Number(wanted));
      case 'minItems':
        return wrong(Array.isArray(value) && value.length < Number(wanted));
      case 'maxItems':
        return wrong(Array.isArray(value) && value.length > Number(wanted));
      case 'items':
        return Array.isArray(value)
          ? value.flatMap((item, index) => inside(wanted, item, `${at}/${index}`))
          : [];
      default:
        if (SAYS_NOTHING.includes(keyword)) return [];
        return isMapping(value) ? ofMapping(keyword, schema, value, at, root) : knownKeyword(keyword);
    }
  });
}

const OF_MAPPINGS = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'required',
  'minProperties',
];

function knownKeyword(keyword: string): readonly string[] {
  if (OF_MAPPINGS.includes(keyword)) return [];
  throw new Error(`this validator does not know the keyword ${keyword}`);
}

function ofMapping(
  keyword: string,
  schema: Schema,
  value: Record<string, unknown>,
  at: string,
  root: Schema,
): readonly string[] {
  const { properties = {}, patternProperties = {} } = schema as Record<string, Record<string, Schema>>;
  const patterns = Object.entries(patternProperties ?? {}).map(
    ([text, one]) => [new RegExp(text), one] as const,
  );
  const wanted = schema[keyword];
  const entries = Object.entries(value);
  const check = (one: unknown, key: string, item: unknown): readonly string[] => {
    if (one === false) return [`${at}/${key}`];
    return one === true ? [] : faults(one as Schema, item, `${at}/${key}`, root);
  };
  switch (keyword) {
    case 'properties':
      return entries.flatMap(([key, item]) =>
        Object.hasOwn(properties, key) ? check(properties[key], key, item) : [],
      );
    case 'patternProperties':
      return entries.flatMap(([key, item]) =>
        patterns.flatMap(([pattern, one]) => (pattern.test(key) ? check(one, key, item) : [])),
      );
    case 'additionalProperties':
      return entries.flatMap(([key, item]) => {
        const isOther = !Object.hasOwn(properties, key) && !patterns.some(([pattern]) => pattern.test(key));
        return isOther ? check(wanted, key, item) : [];
      });
    case 'propertyNames':
      return entries.flatMap(([key]) => check(wanted, key, key));
    case 'required':
      return (wanted as string[]).filter((key) => !Object.hasOwn(value, key)).map((key) => `${at}/${key}`);
    case 'minProperties':
      return entries.length < Number(wanted) ? [at] : [];
    default:
      return knownKeyword(keyword);
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isMapping(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function depth(paths: readonly string[]): number {
  return Math.max(...paths.map((path) => path.split('/').length));
}
