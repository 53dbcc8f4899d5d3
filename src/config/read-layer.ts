import { closeSync, constants, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { GalleyError } from '../core/errors.ts';
import { pathFrom } from '../core/paths.ts';
import type { Env } from './find-files.ts';
import type { Findings } from './findings.ts';
import { asSection } from './levels.ts';
import { parseYaml } from './parse-yaml.ts';
import { createSourceFile } from './source-file.ts';
import { EMPTY_MAP, type Entry, isNull, type MapNode } from './tree.ts';

/** Far above real kitchens (the largest known has 20 kB); what is read must be parsed within two seconds and 300 MB. */
export const MAX_BYTES = 256 * 1024;

export interface ReadContext {
  /** Folder that relative paths start from; files below it are named relative to it. */
  readonly root: string;
  readonly env: Env;
  readonly findings: Findings;
}

export interface Layer {
  readonly file: string;
  readonly root: MapNode;
  readonly anchorKeys: ReadonlySet<string>;
}

/** Reads one file: ERB when it has a tag, then YAML, then the short forms of sections spelt out. */
export async function readLayer(file: string, context: ReadContext): Promise<Layer> {
  const label = pathFrom(context.root, file);
  const written = readText(file, label);
  return parseLayer(file, label, written, context);
}

export async function parseLayer(
  file: string,
  label: string,
  written: string,
  context: ReadContext,
): Promise<Layer> {
  let source = createSourceFile({ path: file, label, written });
  if (written.includes('<%')) {
    const { renderErb } = await import('./erb/render.ts');
    const { text, map, warnings } = await renderErb(source, context);
    for (const { message, location } of warnings) context.findings.warn(message, location);
    checkSize(Buffer.byteLength(text), label);
    source = createSourceFile({ path: file, label, written, text, map });
  }
  const { root, anchorKeys } = parseYaml(source, context.findings);
  return { file, root: spellOut(root), anchorKeys };
}

/** At once: three small files, and going through Node's thread pool takes longer than to read them. */
function readText(file: string, label: string): string {
  let bytes: Buffer;
  try {
    const found = statSync(file);
    checkSize(found.size, label);
    bytes = found.isFile() || found.isDirectory() ? readFileSync(file) : readStream(file, label);
  } catch (error) {
    if (error instanceof GalleyError) throw error;
    throw new GalleyError({
      code: 'config.unreadable',
      kind: 'config',
      message: `${label} cannot be read: ${(error as Error).message}`,
      location: { file: label },
      hint: 'check that it is a file and that you may read it',
      cause: error,
    });
  }
  const text = decode(bytes);
  if (text !== undefined) return text;
  const { line, column } = firstBrokenByte(bytes);
  throw new GalleyError({
    code: 'config.not_utf8',
    kind: 'config',
    message: `${label} is not UTF-8 text`,
    location: { file: label, line, column },
    hint: 'save the file with the encoding UTF-8',
  });
}

/** How long a pipe or a terminal may say nothing. */
const SILENT_MS = 2000;
const PAUSE_MS = 10;

/** What is no file may never end or never begin: `KITCHEN_YAML=<(make-kitchen)` is read, a pipe without a writer is not. */
function readStream(file: string, label: string): Buffer {
  const opened = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const chunks: Buffer[] = [];
  let [total, silent] = [0, 0];
  try {
    while (silent < SILENT_MS) {
      const chunk = Buffer.alloc(MAX_BYTES);
      const count = readSome(opened, chunk);
      if (count === 0) return Buffer.concat(chunks);
      silent = count === undefined ? silent + PAUSE_MS : 0;
      if (count === undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      total += count ?? 0;
      checkSize(total, label);
      chunks.push(chunk.subarray(0, count ?? 0));
    }
  } finally {
    closeSync(opened);
  }
  throw new Error(`it is no file, and nothing came from it for ${SILENT_MS / 1000} s`);
}

/** Undefined when nothing is there yet. */
function readSome(opened: number, chunk: Buffer): number | undefined {
  try {
    return readSync(opened, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}

function checkSize(bytes: number, label: string): void {
  if (bytes <= MAX_BYTES) return;
  throw new GalleyError({
    code: 'config.too_large',
    kind: 'config',
    message: `${label} has ${Math.ceil(bytes / 1024)} KiB; a kitchen file may have ${MAX_BYTES / 1024} KiB`,
    location: { file: label },
    hint: 'check that it is the right file: KITCHEN_YAML chooses another one',
  });
}

/** Undefined when the bytes are no UTF-8. A byte order mark is dropped. */
function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function firstBrokenByte(bytes: Buffer): { readonly line: number; readonly column: number } {
  const lines = bytes.toString('latin1').split('\n');
  let offset = 0;
  for (const [index, text] of lines.entries()) {
    const line = bytes.subarray(offset, offset + text.length);
    offset += text.length + 1;
    if (decode(line) !== undefined) continue;
    const good = line.toString('utf8').indexOf('\u{FFFD}');
    return { line: index + 1, column: good + 1 };
  }
  return { line: 1, column: 1 };
}

/**
 * A text in place of a section means its name, in every file (Test Kitchen does this before it merges the files for
 * driver, provisioner and busser only, so that the others stop it with a TypeError).
 */
function spellOut(root: MapNode): MapNode {
  const entries = new Map<string, Entry>(root.entries);
  for (const key of ['driver', 'provisioner', 'verifier', 'transport'] as const) {
    const entry = entries.get(key);
    if (!entry || entry.value.kind !== 'scalar') continue;
    if (isNull(entry.value)) entries.set(key, { ...entry, value: { ...EMPTY_MAP, place: entry.keyPlace } });
    else if (typeof entry.value.value === 'string') entries.set(key, { ...entry, value: asSection(entry) });
  }
  const busser = entries.get('busser');
  if (busser && isNull(busser.value)) entries.set('busser', { ...busser, value: EMPTY_MAP });
  if (busser?.value.kind === 'scalar' && typeof busser.value.value === 'string') {
    const version = { keyPlace: undefined, value: busser.value };
    entries.set('busser', {
      ...busser,
      value: { kind: 'map', entries: new Map([['version', version]]), place: busser.value.place },
    });
  }
  return { ...root, entries };
}
