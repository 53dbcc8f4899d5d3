import type { Node } from '../../config/tree.ts';
import type { Item } from '../draft.ts';
import { containing, literal, Unfit } from '../values.ts';
import type { Resource } from './reader.ts';

/** goss asks from inside the machine, and follows redirects unless it is told not to. */
export function httpItem(r: Resource): Item {
  const url = r.text('url') ?? r.key;
  const follows = r.flag('no-follow-redirects') !== true;
  const insecure = r.flag('allow-insecure') === true;
  return {
    http: url,
    from: 'instance',
    ...given('method', r.text('method')),
    ...r.value('status', 'status', 'number'),
    ...(follows && { followRedirects: true }),
    ...(insecure && { insecure: true }),
    ...given('timeout', r.duration('timeout')),
    ...request(r),
    ...r.made('headers', (node) => {
      const headers = wantedHeaders(node);
      return Object.keys(headers).length === 0 ? {} : { headers };
    }),
    ...r.value('body', 'body', 'long'),
  };
}

function given(key: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [key]: value };
}

function request(r: Resource): Record<string, unknown> {
  const body = r.text('request-body');
  let headers: Record<string, string> = {};
  r.made('request-headers', (node) => {
    headers = Object.fromEntries(texts(node).map((line) => splitHeader(line)));
    return {};
  });
  const isEmpty = body === undefined && Object.keys(headers).length === 0;
  return isEmpty
    ? {}
    : { request: { ...(Object.keys(headers).length > 0 && { headers }), ...given('body', body) } };
}

/** goss looks for patterns in the lines of the header; those that begin with a name have an equal. */
function wantedHeaders(node: Node): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const line of texts(node)) {
    const absent = /^!([\w-]+):?$/.exec(line)?.[1];
    if (absent === undefined && /^[!/\\]/.test(line))
      throw new Unfit(`'${line}' is a pattern over whole header lines: write headers: {NAME: {matches: …}}`);
    const [name, value] = absent === undefined ? splitHeader(line) : [absent, ''];
    if (name in found) throw new Unfit(`two patterns for the header ${name}`);
    const wanted = value === '' ? { present: true } : containing(value, 'list');
    found[name] = absent === undefined ? wanted : { absent: true };
  }
  return found;
}

function splitHeader(line: string): readonly [string, string] {
  const [, name, value] = /^([\w-]+):\s*(.*)$/s.exec(line) ?? [];
  if (name === undefined || value === undefined)
    throw new Unfit(`'${line}' is no header of the form Name: value`);
  return [name, String(literal(value, 'plain'))];
}

function texts(node: Node): readonly string[] {
  const items = node.kind === 'seq' ? node.items : [node];
  return items.map((one) => {
    if (one.kind !== 'scalar' || one.value === null)
      throw new Unfit('expected texts of the form Name: value');
    return String(one.value);
  });
}
