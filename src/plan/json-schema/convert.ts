import { z } from 'zod';
import { type JsonSchema, matcherDefinition, matcherJsonSchema } from '../../checks/matcher-json-schema.ts';
import { matcherShapeOf } from '../../checks/matcher-schema.ts';
import type { ValueShape } from '../../checks/value-shape.ts';
import { optionStatus } from '../../core/option-status.ts';

export type Definitions = { [name: string]: JsonSchema };

const NO_LIMITS = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

/** Collects definitions while schemas are turned into draft 7, the newest draft that all editors know. */
export class SchemaConverter {
  readonly definitions: Definitions = {};

  /** What a user may write for this schema. `name` is used for parts that refer to themselves. */
  convert(schema: z.ZodType, name: string): JsonSchema {
    const made = z.toJSONSchema(schema, {
      target: 'draft-07',
      io: 'input',
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        this.#correct(zodSchema as unknown as z.ZodType, jsonSchema);
      },
    });
    return this.#withoutOwnDefinitions(made, name);
  }

  /** The reference of a shape's matchers, defined at its first use. */
  matcher(shape: ValueShape): JsonSchema {
    const name = matcherDefinition(shape);
    if (this.definitions[name] === undefined) {
      // Matchers nest: the name is taken before the definition is made.
      this.definitions[name] = {};
      this.definitions[name] = matcherJsonSchema(shape, (other) => this.matcher(other));
    }
    return referTo(name);
  }

  #correct(schema: z.ZodType, json: Record<string, unknown>): void {
    const shape = matcherShapeOf(schema);
    if (shape) Object.assign(json, this.matcher(shape));
    const meta = schema.meta() ?? {};
    if (meta['takes'] === 'duration') {
      Object.assign(json, { type: ['string', 'number'], pattern: '^\\s*\\d+(\\.\\d+)?\\s*(ms|s|m|h)?\\s*$' });
    }
    const { status, text } = optionStatus(schema);
    if (status === 'accepted') json['description'] = `Has no work to do: ${text}`;
    if (status === 'refused') Object.assign(json, { not: {}, description: `Not supported: ${text}` });
    for (const key of ['takes', 'unneeded', 'unsupported', 'format']) delete json[key];
    for (const key of ['minimum', 'maximum']) if (NO_LIMITS.includes(json[key] as number)) delete json[key];
    if ('coerce' in schema.def && schema.def.coerce === true) json['type'] = ['string', 'number', 'boolean'];
  }

  /** Zod puts what refers to itself into `definitions` of each result; here all have one place. */
  #withoutOwnDefinitions(made: JsonSchema, name: string): JsonSchema {
    const { $schema: _, definitions, ...rest } = made;
    const own = Object.entries((definitions ?? {}) as Definitions);
    const names = new Map(own.map(([given], at) => [`#/definitions/${given}`, `${name}-${at + 1}`]));
    const renamed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(renamed);
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).map(([key, item]) => {
        const to = key === '$ref' ? names.get(String(item)) : undefined;
        return [key, to === undefined ? renamed(item) : referTo(to)['$ref']] as const;
      });
      return Object.fromEntries(entries);
    };
    for (const [given, schema] of own) {
      const to = names.get(`#/definitions/${given}`);
      if (to !== undefined) this.definitions[to] = renamed(schema) as JsonSchema;
    }
    return renamed(rest) as JsonSchema;
  }
}

export function referTo(name: string): JsonSchema {
  return { $ref: `#/definitions/${name}` };
}

/** `schema` for what meets the condition. */
export function conditional(condition: JsonSchema, schema: JsonSchema): JsonSchema {
  // oxlint-disable-next-line no-thenable -- a keyword of JSON Schema; nobody awaits a schema
  return { if: condition, then: schema };
}
