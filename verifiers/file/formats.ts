import { createRequire } from 'node:module';
import { parsed, valueAt } from '../../src/checks/structured.ts';
import type { Format } from './schema.ts';

/** What a path of a parsed text leads to. */
export interface Structured {
  at(path: string): unknown;
  /** The format has texts only: a number may be meant as a text. */
  readonly isUntyped: boolean;
}

/** Parsers are loaded when the first file of their format is looked at. */
const load = createRequire(import.meta.url);

/** Throws what the parser says of a text that is not in the format. */
export function parseFormat(text: string, format: Format): Structured {
  switch (format) {
    case 'json':
      return typed(JSON.parse(text));
    case 'yaml':
      return typed(parseYaml(text));
    case 'toml':
      return typed((load('smol-toml') as typeof import('smol-toml')).parse(text));
    case 'ini':
      return { ...typed(parseIni(text)), isUntyped: true };
    default: {
      const found = parsed(text, 'xml');
      if (!found) throw new Error('not XML');
      return { at: (path) => valueAt(found.value, path, 'xml'), isUntyped: true };
    }
  }
}

function typed(value: unknown): Structured {
  return { at: (path) => valueAt(value, path, 'json'), isUntyped: false };
}

/** Several documents are a list. */
function parseYaml(text: string): unknown {
  const { parseAllDocuments } = load('yaml') as typeof import('yaml');
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  const values = [...documents].map((one) => {
    const [error] = one.errors;
    if (error) throw error;
    return one.toJS() as unknown;
  });
  return values.length === 1 ? values[0] : values;
}

/**
 * Keys before any section stand at the top. A key given several times, as in uWSGI's files, becomes a list: the parser
 * itself would keep the last one.
 */
function parseIni(text: string): unknown {
  const { parse } = load('ini') as typeof import('ini');
  const counts = new Map<string, number>();
  let section = '';
  const keys = text.split(/\r?\n/).map((line) => {
    const head = /^\s*\[([^\]]*)\]\s*$/.exec(line);
    if (head) section = head[1] ?? '';
    const key = /^\s*([^;#=\s[][^=]*?)\s*=/.exec(line)?.[1];
    if (head || key === undefined || key.endsWith('[]')) return { line, id: undefined };
    const id = `${section}\n${key}`;
    counts.set(id, (counts.get(id) ?? 0) + 1);
    return { line, id };
  });
  const marked = keys.map(({ line, id }) =>
    id !== undefined && (counts.get(id) ?? 0) > 1 ? line.replace(/\s*=/, '[]=') : line,
  );
  return parse(marked.join('\n'));
}
