import { hidden, isSecretName, redactText } from '../checks/redact.ts';
import { type Node, toPlain } from '../config/tree.ts';
import { isNoSecret } from './no-secret.ts';

/** The tree with secrets replaced by their length: what lies below a telling key, and passwords inside texts. */
export function maskTree(node: Node, isSecret = false, parent = ''): Node {
  if (node.kind === 'map') {
    const entries = [...node.entries].map(([key, entry]) => {
      // `key:` of an env check holds the name of a variable, not its value.
      const isKnown = isNoSecret(parent, key, toPlain(entry.value));
      const below = isSecret || (key !== 'key' && isSecretName(key) && !isKnown);
      return [key, { ...entry, value: maskTree(entry.value, below, key) }] as const;
    });
    return { ...node, entries: new Map(entries) };
  }
  if (node.kind === 'seq') return { ...node, items: node.items.map((item) => maskTree(item, isSecret)) };
  const { value } = node;
  if (typeof value === 'string') {
    const shown = isSecret ? hidden(value) : redactText(value);
    return shown === value ? node : { kind: 'scalar', value: shown, place: node.place };
  }
  if (typeof value === 'number' && isSecret) {
    return { kind: 'scalar', value: hidden(String(value)), place: node.place };
  }
  return node;
}
