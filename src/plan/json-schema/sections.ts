import type { z } from 'zod';
import type { JsonSchema } from '../../checks/matcher-json-schema.ts';
import { KITCHEN_WIDE_OF } from '../../config/levels.ts';
import type { Section } from '../../core/kitchen.ts';
import { CHECK_VERIFIERS } from '../plugins.ts';
import { conditional, type Definitions, referTo, type SchemaConverter } from './convert.ts';

interface Plugin {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly config: z.ZodType;
}

type Properties = Readonly<Record<string, JsonSchema>>;

/** Keys of old kitchens that a driver's section may hold although they belong elsewhere (src/config/levels.ts). */
const MOVED = ['require_chef_omnibus', 'pre_create_command', 'http_proxy', 'https_proxy'];

const DESCRIPTIONS: Readonly<Record<Section, string>> = {
  driver: 'What makes the machines: a name, or a mapping of `name` and its settings',
  provisioner: 'What brings them into their state: a name, or a mapping of `name` and its settings',
  verifier:
    'What must be true after the converge: `checks`, or the `name` of your existing tests and their settings',
  transport: 'How they are reached; the driver knows its own',
};

/**
 * A plugin's section. Settings of a plugin we have are strict where its name stands beside them; without a name they
 * may be another plugin's, so known ones are only described; any other plugin's are left alone. `shared`: keys that all
 * may hold.
 */
export function sectionSchema(
  section: Section,
  plugins: readonly Plugin[],
  converter: SchemaConverter,
  shared: Properties = {},
): JsonSchema {
  const known: Record<string, JsonSchema> = {};
  const branches = plugins.map((plugin) => {
    const properties = settingsOf(section, plugin, converter);
    for (const [key, schema] of Object.entries(properties)) known[key] ??= described(schema);
    const definition = `${section}-${plugin.name}`;
    converter.definitions[definition] = {
      properties: { name: {}, ...extras(section), ...named(shared), ...properties },
      ...(isStrict(plugin, converter) && { additionalProperties: false }),
    };
    const names = { enum: [plugin.name, ...plugin.aliases] };
    return conditional({ required: ['name'], properties: { name: names } }, referTo(definition));
  });
  const names = plugins.flatMap(({ name, aliases }) => [name, ...aliases]);
  if (section === 'verifier') names.push(...CHECK_VERIFIERS);
  return {
    description: DESCRIPTIONS[section],
    type: ['string', 'object', 'null'],
    properties: {
      name: {
        description: `Ours: ${names.join(', ')}`,
        anyOf: [{ enum: names }, { type: ['string', 'null'] }],
      },
      ...shared,
    },
    allOf: [...branches, { if: { required: ['name'] }, else: { properties: known } }],
  };
}

/** Said elsewhere, but known. */
function named(properties: Properties): Properties {
  return Object.fromEntries(Object.keys(properties).map((key) => [key, {}]));
}

/** What a level says is merged with other levels, so nothing is required in one of them. */
function settingsOf(section: Section, plugin: Plugin, converter: SchemaConverter): Properties {
  const { properties = {} } = converter.convert(plugin.config, `${section}-${plugin.name}`) as {
    properties?: Definitions;
  };
  const optional = ([key, schema]: [string, JsonSchema]) => [key, orEmpty(schema)] as const;
  return Object.fromEntries(Object.entries(properties).map(optional));
}

/** An empty setting is none. */
function orEmpty(schema: JsonSchema): JsonSchema {
  const { description, ...rest } = schema;
  if (Object.keys(rest).length === 0 || 'not' in rest) return schema;
  const branches = Object.keys(rest).length === 1 && Array.isArray(rest['anyOf']) ? rest['anyOf'] : [rest];
  if (branches.some((one: JsonSchema) => one['type'] === 'null')) return schema;
  return { ...(description !== undefined && { description }), anyOf: [...branches, { type: 'null' }] };
}

function isStrict(plugin: Plugin, converter: SchemaConverter): boolean {
  return converter.convert(plugin.config, 'unused')['additionalProperties'] === false;
}

/** For completion only: whose setting it is, is not known. */
function described({ description }: JsonSchema): JsonSchema {
  return description === undefined ? {} : { description };
}

function extras(section: Section): Properties {
  const wide = KITCHEN_WIDE_OF[section].map((key) => {
    return [key, { description: 'Has no effect here: set it under `kitchen`' }] as const;
  });
  return Object.fromEntries([...wide, ...(section === 'driver' ? MOVED.map((key) => [key, {}]) : [])]);
}
