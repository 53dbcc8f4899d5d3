import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Node } from '../config/tree.ts';

/**
 * A tree as a YAML document that the peer's Psych reads back as the same: YAML 1.1, so that `"yes"` stays a text, and
 * with symbols (`:debug`) and floats (`15.0`) as they were written.
 */
export function treeYaml(node: Node): string {
  const document = new Document(undefined, { version: '1.1', aliasDuplicateObjects: false });
  document.contents = yamlOf(node) as never;
  return `---\n${document.toString({ lineWidth: 100, directives: false })}`;
}

function yamlOf(node: Node): Scalar | YAMLMap | YAMLSeq {
  if (node.kind === 'seq') {
    const list = new YAMLSeq();
    list.items = node.items.map(yamlOf);
    if (list.items.length === 0) list.flow = true;
    return list;
  }
  if (node.kind === 'map') {
    const map = new YAMLMap();
    map.items = [...node.entries].map(([key, entry]) => new Pair(new Scalar(key), yamlOf(entry.value)));
    if (map.items.length === 0) map.flow = true;
    return map;
  }
  const { value, written } = node;
  const made = new Scalar<unknown>(value);
  if (typeof value === 'number' && /^[+-]?\d+\.0+$/.test(written ?? '')) made.minFractionDigits = 1;
  // A symbol is a plain scalar with a colon; quoted it would be a text.
  else if (typeof value === 'string' && written?.startsWith(':')) made.value = written;
  return made;
}
