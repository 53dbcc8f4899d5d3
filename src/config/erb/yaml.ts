import { GalleyError } from '../../core/errors.ts';
import { createFindings } from '../findings.ts';
import { parseYamlValue } from '../parse-yaml.ts';
import { createSourceFile } from '../source-file.ts';
import { toPlain } from '../tree.ts';
import { stringify } from '../yaml.ts';
import { RubyFailure } from './failure.ts';
import { fromData, toData, type Value } from './values.ts';

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
