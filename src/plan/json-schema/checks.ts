import { commonSchema } from '../../checks/common-keys.ts';
import type { JsonSchema } from '../../checks/matcher-json-schema.ts';
import type { Verifier } from '../../core/verifier.ts';
import { conditional, type Definitions, referTo, type SchemaConverter } from './convert.ts';

interface ObjectSchema {
  readonly properties: Definitions;
  readonly required?: readonly string[];
}

/** The item of a list of checks: the key that names its type chooses what else it may hold. */
export function checkSchema(
  verifiers: ReadonlyMap<string, Verifier>,
  converter: SchemaConverter,
): JsonSchema {
  const common: Definitions = {};
  // Once for all types: they are long.
  const shared = (converter.convert(commonSchema, 'check') as unknown as ObjectSchema).properties;
  for (const [key, schema] of Object.entries(shared)) {
    converter.definitions[`check-key-${key}`] = schema;
    common[key] = referTo(`check-key-${key}`);
  }
  const types = [...verifiers.values()];
  const specs = new Map(
    types.map(({ name, spec }) => [
      name,
      converter.convert(spec, `check-${name}`) as unknown as ObjectSchema,
    ]),
  );
  const branches = types.map((verifier) => {
    const { name, repeatable } = verifier;
    const { properties, required = [] } = specs.get(name) as ObjectSchema;
    const keys = Object.entries(common).filter(([key]) => key !== 'repeat' || repeatable);
    const definition = `check-${name}`;
    converter.definitions[definition] = {
      description: verifier.description,
      properties: { ...properties, ...Object.fromEntries(keys.filter(([key]) => !(key in properties))) },
      required,
      additionalProperties: false,
    };
    // `env` is a type, and an attribute of the type `command`: then the owner decides.
    const owners = types.filter(
      (other) => other !== verifier && Object.hasOwn(specs.get(other.name)?.properties ?? {}, name),
    );
    const others = owners.map((owner) => ({ required: [owner.name] }));
    const isMeant = { required: [name], ...(others.length > 0 && { not: { anyOf: others } }) };
    return conditional(isMeant, referTo(definition));
  });
  const properties = Object.fromEntries(types.map(({ name, description }) => [name, { description }]));
  return {
    type: 'object',
    properties,
    anyOf: types.map(({ name }) => ({ required: [name] })),
    allOf: branches,
  };
}
