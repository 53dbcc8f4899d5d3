import type { JsonSchema } from '../../checks/matcher-json-schema.ts';
import { HOOK_NAMES } from '../../config/keys.ts';
import { Cell, KitchenFile, OverlayMarks, Platform, Step, Suite } from '../../config/schema.ts';
import { ServiceDeclaration } from '../../config/service-schema.ts';
import { HookItem } from '../hooks.ts';
import type { Plugins } from '../plugins.ts';
import { checkSchema } from './checks.ts';
import { conditional, type Definitions, referTo, SchemaConverter } from './convert.ts';
import { sectionSchema } from './sections.ts';
import { TEMPLATE, withTemplates } from './templates.ts';

/**
 * JSON Schema (draft 7) of a kitchen file for editors, made from the schemas that Galley itself reads it with. It never
 * refuses what Galley accepts, but for keys at the top that only hold anchors: they should start with `x-`. It lets
 * pass what only a merge of all levels, or the whole kitchen, can tell.
 */
export function kitchenJsonSchema(plugins: Plugins): JsonSchema {
  const converter = new SchemaConverter();
  const { definitions } = converter;
  definitions['template'] = TEMPLATE;
  definitions['driver'] = sectionSchema('driver', plugins.drivers, converter);
  definitions['provisioner'] = sectionSchema('provisioner', plugins.provisioners, converter);
  definitions['transport'] = sectionSchema('transport', plugins.transports, converter);
  definitions['check'] = checkSchema(plugins.verifiers, converter);
  definitions['verifier'] = sectionSchema('verifier', plugins.suites, converter, checkKeys());
  definitions['hook'] = hookSchema(converter);
  definitions['lifecycle'] = lifecycleSchema();
  definitions['service'] = serviceSchema(converter);
  definitions['cell'] = cellSchema(converter);
  definitions['platform'] = levelSchema(Platform, 'platform', converter);
  definitions['step'] = stepSchema(converter);
  definitions['suite'] = withSteps(levelSchema(Suite, 'suite', converter));
  const file = levelSchema(KitchenFile, 'file', converter);
  const properties = file['properties'] as Definitions;
  const marks = (converter.convert(OverlayMarks, 'marks') as { properties: Definitions }).properties;
  for (const key of ['platform', 'suite']) {
    const schema = definitions[key] as { properties: Definitions };
    definitions[`${key}-to-merge`] = { ...schema, properties: { ...schema.properties, ...marks } };
  }
  const { description } = properties['cells'] ?? {};
  properties['cells'] = { description, ...listOf('cell') };
  // Only a file that says `merge: by_name` may hold the marks of an overlay.
  const rows = (ending: string) => ({
    properties: { platforms: listOf(`platform${ending}`), suites: listOf(`suite${ending}`) },
  });
  for (const key of ['platforms', 'suites']) {
    properties[key] = { description: properties[key]?.['description'], type: ['array', 'null'] };
  }
  const whole = {
    ...file,
    allOf: [{ ...conditional({ required: ['merge'] }, rows('-to-merge')), else: rows('') }],
    patternProperties: { '^(x-|_|\\.)': { description: 'Your own: for anchors and notes' } },
    definitions: sorted(definitions),
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Galley kitchen',
    description: 'kitchen.yml of Galley and Test Kitchen',
    ...withTemplates(whole, definitions),
  };
}

function listOf(definition: string): JsonSchema {
  return { type: ['array', 'null'], items: referTo(definition) };
}

function cellSchema(converter: SchemaConverter): JsonSchema {
  const made = levelSchema(Cell, 'cell', converter);
  const properties = made['properties'] as Definitions;
  const checks = { description: properties['checks']?.['description'], ...listOf('check') };
  return {
    ...made,
    properties: { ...properties, checks },
    anyOf: [{ required: ['suite'] }, { required: ['platform'] }],
  };
}

function levelSchema(
  schema: typeof KitchenFile | typeof Platform | typeof Suite | typeof Cell,
  name: string,
  converter: SchemaConverter,
): JsonSchema {
  const made = converter.convert(schema, name);
  const properties = { ...(made['properties'] as Definitions) };
  for (const key of ['driver', 'provisioner', 'verifier', 'transport', 'lifecycle']) {
    properties[key] = described(key, referTo(key), converter);
  }
  properties['services'] = {
    description: 'Companion services by name',
    type: ['object', 'null'],
    propertyNames: { pattern: '^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$' },
    additionalProperties: referTo('service'),
  };
  return { ...made, properties };
}

function stepSchema(converter: SchemaConverter): JsonSchema {
  const made = converter.convert(Step, 'step');
  const properties = { ...(made['properties'] as Definitions) };
  for (const key of ['provisioner', 'verifier']) properties[key] = described(key, referTo(key), converter);
  const { description } = properties['checks'] ?? {};
  properties['checks'] = { description, ...listOf('check') };
  return { ...made, properties };
}

function withSteps(suite: JsonSchema): JsonSchema {
  const properties = suite['properties'] as Definitions;
  const { description } = properties['steps'] ?? {};
  const steps = { description, ...listOf('step') };
  return { ...suite, properties: { ...properties, steps } };
}

/** Draft 7 ignores what stands beside a reference, so the reference is wrapped. */
function described(key: string, reference: JsonSchema, { definitions }: SchemaConverter): JsonSchema {
  const description = definitions[key]?.['description'];
  return { ...(description !== undefined && { description }), allOf: [reference] };
}

/** Keys of our own checks, which may stand beside the settings of a test suite. */
function checkKeys(): Definitions {
  const checks = 'What must be true of the running system, in this order; see docs/checks.md';
  return {
    checks: { description: checks, ...listOf('check') },
    wait: { description: 'What must come true before the checks are looked at', ...listOf('check') },
    allowEmpty: { description: 'true: having nothing to verify is no error', type: 'boolean' },
  };
}

function hookSchema(converter: SchemaConverter): JsonSchema {
  const item = converter.convert(HookItem, 'hook');
  return {
    anyOf: [
      { type: 'string', description: 'A command to run beside the kitchen' },
      { ...item, oneOf: [{ required: ['local'] }, { required: ['remote'] }] },
      { type: 'null' },
    ],
  };
}

function lifecycleSchema(): JsonSchema {
  const hooks = HOOK_NAMES.map((name) => {
    const list = { type: 'array', items: referTo('hook') };
    return [name, { description: hookMeaning(name), anyOf: [referTo('hook'), list] }] as const;
  });
  return {
    description: 'Commands to run around the phases',
    type: ['object', 'null'],
    properties: Object.fromEntries(hooks),
    additionalProperties: false,
  };
}

function hookMeaning(name: string): string {
  const [moment, phase] = name.split('_');
  if (moment === 'on') return 'After a phase that failed';
  if (moment === 'finally') return `After ${phase}, whatever happened`;
  return moment === 'pre' ? `Before ${phase}` : `After ${phase}, when it passed`;
}

/** The short form is an image; variables may be a list. Levels are merged, so no key is required in one of them. */
function serviceSchema(converter: SchemaConverter): JsonSchema {
  const { required: _, ...made } = converter.convert(ServiceDeclaration, 'service');
  const properties = made['properties'] as Definitions;
  const { description, ...environment } = properties['environment'] ?? {};
  const list = { type: 'array', items: { type: 'string', pattern: '^[^=]+=' } };
  return {
    anyOf: [
      { type: 'string', minLength: 1, description: 'The image' },
      {
        ...made,
        properties: { ...properties, environment: { description, anyOf: [environment, list] } },
      },
      { type: 'null' },
    ],
  };
}

function sorted(definitions: Definitions): Definitions {
  return Object.fromEntries(Object.entries(definitions).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
