import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { GalleyError } from '../core/errors.ts';

/** A file to convert, as text. */
export interface Source {
  /** The path as it was given, which messages show. */
  readonly label: string;
  readonly format: 'goss' | 'rspec';
  readonly text: string;
}

/** Files of tests have some hundred lines; more is a mistake, and would take long to read. */
const MAX_BYTES = 2 << 20;
const YAML = new Set(['.yaml', '.yml', '.json']);

/** Reads files, and of folders what is in them. Throws `convert.*` for what cannot be converted. */
export async function readSources(paths: readonly string[], cwd: string): Promise<readonly Source[]> {
  const found = await Promise.all(paths.map((path) => filesOf(path, cwd)));
  const labels = [...new Set(found.flat())];
  return Promise.all(labels.map((label) => readSource(label, cwd)));
}

async function filesOf(path: string, cwd: string): Promise<readonly string[]> {
  const absolute = resolve(cwd, path);
  const facts = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  if (!facts.isDirectory()) return [path];
  const names = await readdir(absolute, { recursive: true });
  // Beside its controls a profile has libraries, which hold no tests.
  const isTest = (name: string): boolean =>
    /^goss.*\.(ya?ml|json)$/.test(basename(name)) ||
    (name.endsWith('.rb') && !/(^|\/)(libraries|vendor)\/|_helper\.rb$/.test(name));
  const tests = names.filter(isTest).toSorted();
  if (tests.length === 0)
    throw wrong(
      'convert.nothing_found',
      `there is nothing to convert in ${path}`,
      'files are called goss*.yaml or *.rb there',
    );
  return tests.map((name) => join(path, name));
}

async function readSource(label: string, cwd: string): Promise<Source> {
  const path = resolve(cwd, label);
  const { size } = await stat(path);
  if (size > MAX_BYTES)
    throw wrong(
      'convert.too_large',
      `${label} has ${size} bytes, more than ${MAX_BYTES}: no file of tests is that long`,
      undefined,
      label,
    );
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(label, error);
  });
  const text = bytes.toString('utf8').replace(/^\u{FEFF}/u, '');
  const binary = text.search(/[\0\u{FFFD}]/u);
  if (binary !== -1) {
    const line = text.slice(0, binary).split('\n').length;
    throw new GalleyError({
      code: 'convert.binary',
      kind: 'config',
      message: `${label} is no text in UTF-8`,
      location: { file: label, line },
      hint: 'name the files to convert, or save it as UTF-8',
    });
  }
  const extension = extname(label);
  if (extension === '.rb') return { label, format: 'rspec', text };
  if (YAML.has(extension)) return { label, format: 'goss', text };
  const hint = 'goss files end in .yaml, .yml or .json, InSpec and serverspec files in .rb';
  throw wrong('convert.unknown_format', `${label}: it cannot be told what kind of file this is`, hint, label);
}

function unreadable(path: string, { code, message }: NodeJS.ErrnoException): GalleyError {
  if (code !== 'ENOENT') return wrong('convert.unreadable', `cannot read ${path}: ${message}`);
  const hint = 'give goss.yaml, *.rb, or folders with them';
  return wrong('convert.unreadable', `there is no file or folder ${path}`, hint);
}

function wrong(code: string, message: string, hint?: string, file?: string): GalleyError {
  return new GalleyError({
    code,
    kind: 'usage',
    message,
    ...(file !== undefined && { location: { file } }),
    ...(hint !== undefined && { hint }),
  });
}
