import { z } from 'zod';
import type { Verifier } from '../core/verifier.ts';
import { unwrap } from '../core/zod-schema.ts';
import { commonSchema } from './common-keys.ts';
import { matcherShapeOf } from './matcher-schema.ts';
import { matcherKeys } from './parse-matcher.ts';
import type { ValueShape } from './value-shape.ts';

/**
 * The reference of all check types as Markdown, made from their schemas: types × attributes × what each takes. Pure.
 */
export function checksReference(verifiers: Iterable<Verifier>): string {
  const shapes = new Map<string, ValueShape>();
  const sections = [...verifiers].map((verifier) => {
    const rows = attributesOf(verifier.spec, '', shapes);
    const facts = [
      verifier.repeatable ? 'takes `repeat`' : undefined,
      verifier.alone ? 'runs alone, in the order of the list' : undefined,
    ].filter((fact) => fact !== undefined);
    return [
      `### ${verifier.name}`,
      '',
      `${sentence(verifier.description)}${facts.length > 0 ? ` It ${facts.join(' and ')}.` : ''}`,
      '',
      table(rows),
    ].join('\n');
  });
  const common = table(attributesOf(commonSchema, '', shapes));
  return [
    '## Check types',
    ...sections,
    '## Keys of every check',
    common,
    '## Matchers',
    'A value is a literal, a list (for list attributes and long texts: contains each of these) or a map of matchers.',
    matcherTable(shapes),
    '',
  ].join('\n\n');
}

/** The attributes of a check type as the reference names them: `mode`, `time.total`. Pure. */
export function attributeKeys(spec: z.ZodType): readonly string[] {
  return attributesOf(spec, '', new Map()).map((row) => row.key);
}

interface Row {
  readonly key: string;
  readonly takes: string;
  readonly description: string;
}

function attributesOf(schema: z.ZodType, prefix: string, shapes: Map<string, ValueShape>): Row[] {
  const object = unwrap(schema);
  if (!(object instanceof z.ZodObject)) return [];
  return Object.entries(object.shape as Record<string, z.ZodType>).flatMap(([key, outer]) => {
    const inner = bare(outer);
    const row = { key: `${prefix}${key}`, description: outer.description ?? inner.description ?? '' };
    if (inner instanceof z.ZodObject && matcherShapeOf(inner) === undefined) {
      const nested = attributesOf(inner, `${prefix}${key}.`, shapes);
      return row.description === '' ? nested : [{ ...row, takes: 'map' }, ...nested];
    }
    return [{ ...row, takes: takes(inner, shapes) }];
  });
}

function takes(schema: z.ZodType, shapes: Map<string, ValueShape>): string {
  const shape = matcherShapeOf(schema);
  if (shape) {
    const name = shapeName(shape);
    // Of a fixed choice of words fewer matchers make sense.
    if (!(shape.element instanceof z.ZodEnum) || !shapes.has(name)) shapes.set(name, shape);
    const values = shape.element instanceof z.ZodEnum ? `: ${shape.element.options.join(', ')}` : '';
    return `matcher of ${name}${values}`;
  }
  const inner = bare(schema);
  const told = inner.meta()?.['takes'];
  if (typeof told === 'string') return told;
  if (inner instanceof z.ZodRecord) return `map of ${takes(inner.valueType as z.ZodType, shapes)}`;
  if (inner instanceof z.ZodArray) return `list of ${takes(inner.element as z.ZodType, shapes)}`;
  if (inner instanceof z.ZodEnum) return inner.options.join(' or ');
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(String).join(' or ');
  if (inner instanceof z.ZodUnion) {
    return [...new Set(inner.options.map((option) => takes(option as z.ZodType, shapes)))].join(' or ');
  }
  if (inner instanceof z.ZodString) return 'text';
  if (inner instanceof z.ZodNumber) return 'number';
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodObject) {
    return `map of ${Object.keys(inner.shape).join(', ')}`;
  }
  return schema.description ?? 'value';
}

/** Like `unwrap`, but stops at matchers and at schemas that say in `meta.takes` what they take. */
function bare(schema: z.ZodType): z.ZodType {
  if (matcherShapeOf(schema) || schema.meta()?.['takes'] !== undefined) return schema;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return bare(schema.def.innerType as z.ZodType);
  }
  return unwrap(schema);
}

function shapeName(shape: ValueShape): string {
  if (shape.text) return 'long text';
  const name = {
    string: 'text',
    number: 'number',
    boolean: 'true/false',
    any: 'any value',
    version: 'version',
    time: 'time',
  }[shape.kind];
  return shape.list ? `list of ${name}` : name;
}

function matcherTable(shapes: ReadonlyMap<string, ValueShape>): string {
  const lines = [...shapes]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, shape]) => {
      const keys = matcherKeys(shape).map((key) => `\`${key}\``);
      return `| ${name} | ${keys.join(' ')} |`;
    });
  return ['| observed value | matchers |', '|---|---|', ...lines].join('\n');
}

function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => `| \`${row.key}\` | ${cell(row.takes)} | ${cell(row.description)} |`);
  return ['| key | takes | |', '|---|---|---|', ...lines].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
