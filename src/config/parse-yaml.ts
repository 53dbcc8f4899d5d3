import type { Alias, Pair, Scalar, YAMLMap, YAMLSeq, Node as YamlNode } from 'yaml';
import { GalleyError } from '../core/errors.ts';
import type { Findings } from './findings.ts';
import { joinFlowLines } from './flow-lines.ts';
import { isPsychDate, psychScalar } from './psych-scalar.ts';
import { type Place, type SourceFile, showLine, toLocation } from './source-file.ts';
import { EMPTY_MAP, type Entry, isNull, type MapNode, type Node, scalar } from './tree.ts';
import { isAlias, isMap, isScalar, isSeq, parseDocument } from './yaml.ts';
import { yamlMistake } from './yaml-mistake.ts';

/** How many values a file may hold once its aliases are expanded: far above real kitchens, far below a bomb. */
const MAX_EXPANDED = 300_000;

export interface ParsedYaml<T extends Node = MapNode> {
  readonly root: T;
  /** Top-level keys whose value defines an anchor: such keys often exist only to hold it. */
  readonly anchorKeys: ReadonlySet<string>;
}

/**
 * Reads a kitchen file, which must be a mapping; an empty one is an empty mapping. Throws like `parseYamlValue`, and
 * `config.not_a_mapping`.
 */
export function parseYaml(source: SourceFile, findings: Findings): ParsedYaml {
  const { root, anchorKeys } = parseYamlValue(source, findings);
  if (root.kind === 'map') return { root, anchorKeys };
  if (isNull(root)) return { root: EMPTY_MAP, anchorKeys };
  throw problem(source, root.place?.offset ?? 0, {
    code: 'config.not_a_mapping',
    message: `${source.label} must hold keys such as driver, platforms and suites`,
    expected: 'a mapping',
    got: root.kind === 'seq' ? 'a list' : 'a single value',
  });
}

/**
 * Reads YAML as Test Kitchen does (Psych, YAML 1.1, first document only), each value with its place. Throws
 * `GalleyError` (`config.yaml_syntax`, `config.cyclic_alias`, `config.too_large`).
 */
export function parseYamlValue(source: SourceFile, findings: Findings): ParsedYaml<Node> {
  const contents = parseContents(source);
  const reader = createReader(source, findings);
  const root = guardDepth(source, () => reader.read(contents));
  return { root, anchorKeys: reader.anchorKeys };
}

function parseContents(source: SourceFile): YamlNode | null {
  const document = guardDepth(source, () => parseText(source.text));
  const error = errorOf(document);
  if (error === undefined) return document.contents;
  if (error.code === 'RESOURCE_EXHAUSTION') throw tooDeep(source);
  const joined = joinFlowLines(source.text, document);
  const again = joined === undefined ? undefined : guardDepth(source, () => parseText(joined));
  const still = again && errorOf(again);
  if (again !== undefined && still === undefined) return again.contents;
  // What is wrong besides the columns of lines in brackets, which are no mistake.
  const { code, message, pos } = still ?? error;
  const mistake = yamlMistake(source.text, again ?? document, { code, message, at: pos[0] });
  throw problem(source, mistake.offset, {
    code: 'config.yaml_syntax',
    message: `${source.label} is not valid YAML: ${mistake.reason}`,
    hint: mistake.hint,
  });
}

function parseText(text: string) {
  return parseDocument(text, {
    // All scalars stay text here: what they mean is decided the way Psych does.
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
}

/** Psych reads the first document only, so that further ones are no error. */
function errorOf(document: ReturnType<typeof parseText>) {
  return document.errors.find(({ code }) => code !== 'MULTIPLE_DOCS');
}

/** Nesting deep enough to exhaust the stack is as good as endless. */
function guardDepth<T>(source: SourceFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw tooDeep(source);
  }
}

function tooDeep(source: SourceFile): GalleyError {
  return problem(source, 0, {
    code: 'config.too_large',
    message: `${source.label} is nested too deeply to be read`,
  });
}

interface Reader {
  read(node: YamlNode | null): Node;
  readonly anchorKeys: ReadonlySet<string>;
}

function createReader(source: SourceFile, findings: Findings): Reader {
  const anchors = new Map<string, Node | 'open'>();
  const sizes = new WeakMap<Node, number>();
  const anchorKeys = new Set<string>();
  let topKey: string | undefined;
  let depth = 0;
  const placeOf = (node: { range?: readonly [number, number, number] | null } | null): Place | undefined =>
    node?.range ? { source, offset: node.range[0] } : undefined;

  function measured<T extends Node>(node: T, parts: Iterable<Node>, at: number): T {
    let size = 1;
    for (const part of parts) size += sizes.get(part) ?? 1;
    if (size > MAX_EXPANDED) {
      throw problem(source, at, {
        code: 'config.too_large',
        message: `${source.label} holds more than ${MAX_EXPANDED} values once its aliases are expanded`,
        hint: 'remove the nested aliases: a kitchen never needs that many',
      });
    }
    sizes.set(node, size);
    return node;
  }

  function readScalar(node: Scalar): Node {
    const place = placeOf(node);
    const text = textOf(node);
    const tag = node.tag?.replace('tag:yaml.org,2002:', '!');
    if (tag === undefined) {
      if (node.type !== 'PLAIN') return scalar(text, place);
      if (isPsychDate(text)) warnDate(text, place);
      return { ...scalar(null, place), ...psychScalar(text) };
    }
    if (tag === '!int' || tag === '!float') return { ...scalar(null, place), ...psychScalar(text) };
    if (tag === '!str' || tag.startsWith('!ruby/string') || tag === '!') return scalar(text, place);
    if (tag === '!binary') return scalar(Buffer.from(text, 'base64').toString('utf8'), place);
    if (/^!ruby\/sym(bol)?/.test(tag)) return { ...scalar(text, place), written: `:${text}` };
    return node.type === 'PLAIN' ? { ...scalar(null, place), ...psychScalar(text) } : scalar(text, place);
  }

  function warnDate(text: string, place: Place | undefined): void {
    findings.warn(
      `${text} is a date to YAML, at which Test Kitchen stops; Galley takes the text: put it into quotes`,
      toLocation(place),
    );
  }

  function readAlias(node: Alias): Node {
    const target = anchors.get(node.source);
    const at = node.range?.[0] ?? 0;
    if (target === undefined) {
      throw problem(source, at, {
        code: 'config.yaml_syntax',
        message: `${source.label} uses the alias *${node.source}, but no &${node.source} comes before it`,
      });
    }
    if (target === 'open') {
      throw problem(source, at, {
        code: 'config.cyclic_alias',
        message: `*${node.source} is used inside the value that &${node.source} names, so it would contain itself`,
        hint: `remove *${node.source} there`,
      });
    }
    return target;
  }

  function readKey(key: unknown): string {
    const node = isAlias(key) ? readAlias(key) : undefined;
    if (node) return node.kind === 'scalar' ? String(node.value) : fail(key);
    if (key === null) return '';
    if (!isScalar(key)) return fail(key);
    if (key.anchor !== undefined) anchors.set(key.anchor, readScalar(key));
    const text = textOf(key);
    // Psych makes symbols of them, and Test Kitchen makes symbols of all keys: `:name` is `name`.
    return key.type === 'PLAIN' ? text.replace(/^:(?=[A-Za-z_])/, '') : text;
  }

  function fail(key: unknown): never {
    throw problem(source, (key as YamlNode).range?.[0] ?? 0, {
      code: 'config.yaml_syntax',
      message: `${source.label} has a list or a mapping as a key; a key must be text`,
    });
  }

  function readMap(map: YAMLMap): MapNode {
    const entries = new Map<string, Entry>();
    const written = new Map<string, Place | undefined>();
    for (const pair of map.items as Pair<YamlNode, YamlNode | null>[]) {
      const key = readKey(pair.key);
      if (depth === 1) topKey = key;
      const keyPlace = placeOf(pair.key);
      const value = read(pair.value);
      const isMerge = key === '<<' && isScalar(pair.key) && pair.key.tag === undefined;
      if (isMerge && mergeInto(entries, pair.value, value)) continue;
      if (written.has(key)) warnDuplicate(key, keyPlace, written.get(key));
      written.set(key, keyPlace);
      entries.set(key, { keyPlace, value: value.place ? value : { ...value, place: keyPlace } });
    }
    const parts = [...entries.values()].map(({ value }) => value);
    return measured({ kind: 'map', entries, place: placeOf(map) }, parts, map.range?.[0] ?? 0);
  }

  function warnDuplicate(key: string, again: Place | undefined, first: Place | undefined): void {
    const line = toLocation(first)?.line;
    const before = line === undefined ? '' : ` (first in line ${line})`;
    findings.warn(`the key "${key}" is given twice${before}: only this one counts`, toLocation(again));
  }

  function readSeq(seq: YAMLSeq): Node {
    const items = (seq.items as (YamlNode | null)[]).map(read);
    return measured({ kind: 'seq', items, place: placeOf(seq) }, items, seq.range?.[0] ?? 0);
  }

  /** Test Kitchen's parser knows symbols but no other Ruby objects either. */
  function refuseObjects(node: YamlNode): void {
    const tag = (node as { tag?: string }).tag;
    if (tag === undefined || !/^!ruby\/(?!sym|string|array$|hash$)/.test(tag)) return;
    throw problem(source, node.range?.[0] ?? 0, {
      code: 'config.yaml_syntax',
      message: `${source.label} asks for a Ruby object (${tag}), which no kitchen file may hold`,
    });
  }

  function read(node: YamlNode | null): Node {
    if (node === null) return scalar(null);
    if (isAlias(node)) return readAlias(node);
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) {
      anchors.set(anchor, 'open');
      if (topKey !== undefined) anchorKeys.add(topKey);
    }
    refuseObjects(node);
    depth += 1;
    const made = isMap(node) ? readMap(node) : isSeq(node) ? readSeq(node) : readScalar(node);
    depth -= 1;
    if (anchor !== undefined) anchors.set(anchor, made);
    return made;
  }

  return { read, anchorKeys };
}

/** Merge keys overwrite what stands before them and yield to what follows, which is Psych's order. */
function mergeInto(entries: Map<string, Entry>, value: YamlNode | null, merged: Node): boolean {
  if (merged.kind === 'map' && !isSeq(value)) {
    for (const [key, entry] of merged.entries) entries.set(key, entry);
    return true;
  }
  if (merged.kind !== 'seq' || !isSeq(value) || !merged.items.every((item) => item.kind === 'map'))
    return false;
  for (const item of merged.items.toReversed()) {
    if (item.kind === 'map') for (const [key, entry] of item.entries) entries.set(key, entry);
  }
  return true;
}

function problem(
  source: SourceFile,
  offset: number,
  facts: { code: string; message: string; expected?: string; got?: string; hint?: string },
): GalleyError {
  return new GalleyError({
    kind: 'config',
    location: source.locate(offset),
    details: source.text === '' ? [] : showLine(source.text, offset),
    ...facts,
  });
}

/** With the failsafe schema every scalar is a text, or empty. */
function textOf(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : '';
}
