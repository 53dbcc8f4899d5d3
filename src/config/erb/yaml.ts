import { GalleyError } from '../../core/errors.ts';
import { createFindings } from '../findings.ts';
import { parseYamlValue } from '../parse-yaml.ts';
import { createSourceFile } from '../source-file.ts';
import { toPlain } from '../tree.ts';
import { stringify } from '../yaml.ts';
import { options } from './arguments.ts';
import { RubyFailure } from './failure.ts';
import { fromData, isTrue, RubyHash, RubySymbol, toData, type Value } from './values.ts';

/** `YAML.load` as Psych reads it, without Ruby objects. */
export function fromYaml(text: string, file: string): Value {
  const source = createSourceFile({ path: file, label: file, written: text });
  try {
    return fromData(toPlain(parseYamlValue(source, createFindings(true)).root));
  } catch (error) {
    if (error instanceof GalleyError) throw new RubyFailure('Psych::SyntaxError', error.message);
    throw error;
  }
}

/** `to_yaml`: same data, not the same bytes as Psych writes. */
export function toYaml(value: Value): string {
  return `---${typeof toData(value) === 'object' ? '\n' : ' '}${stringify(toData(value), { version: '1.1', lineWidth: 0 })}`;
}

/** What is given besides the text decides what is allowed (that is: all of it), but for the keys' kind. */
export function yamlOptions(given: readonly Value[]): ReadonlyMap<string, Value> {
  const keywords = given.filter((one) => !Array.isArray(one) && typeof one !== 'boolean');
  return options(keywords, [
    'aliases',
    'permitted_classes',
    'permitted_symbols',
    'filename',
    'symbolize_names',
  ]);
}

/** `symbolize_names: true` */
export function withNames(value: Value, given: ReadonlyMap<string, Value>): Value {
  if (!isTrue(given.get('symbolize_names') ?? null)) return value;
  if (Array.isArray(value)) return value.map((one) => withNames(one, given));
  if (!(value instanceof RubyHash)) return value;
  return RubyHash.from(
    value.pairs.map(
      ([key, one]) => [typeof key === 'string' ? new RubySymbol(key) : key, withNames(one, given)] as const,
    ),
  );
}
