import { readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { GalleyError } from '../../src/core/errors.ts';
import { escapeRegExp } from '../../src/core/escape-regexp.ts';
import { listFiles, type StagedFile } from '../../src/suites/stage.ts';
import type { GossSettings } from './settings.ts';

export interface GossFiles {
  /** Relative to the kitchen's folder, e.g. `test/integration/default/goss`. */
  readonly place: string;
  /** All files of the folder; `path` is relative to it. */
  readonly files: readonly (StagedFile & { readonly local: string; readonly text: string })[];
  /** Paths of those that are run, in order. */
  readonly tests: readonly string[];
  /** Path of the file with variables. */
  readonly vars: string | undefined;
}

/**
 * The suite's goss files: as kitchen-goss chooses them, every `.yml` (and `.yaml`) of its folder but the variables, and
 * but those that another one includes with `gossfile:`. Throws `goss.no_tests` and `goss.no_vars` (config).
 */
export async function gossFiles(
  root: string,
  suite: string,
  settings: Pick<GossSettings, 'test_base_path' | 'suite_name' | 'goss_var_path'>,
): Promise<GossFiles> {
  const place = join(settings.test_base_path, settings.suite_name ?? suite, 'goss');
  const folder = join(root, place);
  const info = await stat(folder).catch(() => undefined);
  const listed = info?.isDirectory() ? await listFiles(folder) : [];
  const files = await Promise.all(
    listed.map(async ({ path, absolute, mode }) => ({
      path,
      mode,
      source: { file: absolute },
      local: relative(root, absolute),
      text: await readFile(absolute, 'utf8'),
    })),
  );
  const given = settings.goss_var_path;
  const isVars = (path: string): boolean => given != null && (path === given || path.endsWith(`/${given}`));
  const vars = files.find(({ path }) => isVars(path))?.path;
  if (files.length > 0 && given != null && vars === undefined) throw noVars(place, given);
  const included = files.flatMap((file) => includedBy(file.text));
  const tests = files
    .map(({ path }) => path)
    .filter((path) => /\.ya?ml$/.test(path) && !isVars(path))
    .filter((path) => !included.some((pattern) => path.endsWith(pattern) || matches(path, pattern)));
  if (tests.length === 0) throw noTests(place);
  return { place, files, tests, vars };
}

/** Names and patterns below `gossfile:`; goss files are templates, which no YAML parser reads. */
function includedBy(text: string): readonly string[] {
  const [, block = ''] = /^gossfile:[ \t]*\n((?:[ \t]+.*\n?|\n)*)/m.exec(text) ?? [];
  return [...block.matchAll(/^ {1,4}["']?([^\s"':#]+\.ya?ml)["']?:/gm)].map(([, name = '']) =>
    name.replace(/^\.\//, ''),
  );
}

function matches(path: string, pattern: string): boolean {
  const expression = escapeRegExp(pattern).replaceAll('\\*', '[^/]*').replaceAll('\\?', '[^/]');
  return new RegExp(`(^|/)${expression}$`).test(path);
}

/** Where a resource is declared in a goss file, as far as its name stands there as it is; undefined when it does not. */
export function lineOf(text: string, id: string): number | undefined {
  const at = text.split('\n').findIndex((line) => {
    const key = /^\s+(["']?)(.+?)\1:\s*(\{.*)?$/.exec(line)?.[2];
    return key === id;
  });
  return at < 0 ? undefined : at + 1;
}

function noTests(place: string): GalleyError {
  const error = new GalleyError({
    code: 'goss.no_tests',
    kind: 'config',
    message: `there are no goss tests in ${place}`,
    expected: 'goss.yaml, or any other .yaml or .yml',
    hint: 'put one there, or change test_base_path: or suite_name:',
  });
  return Object.assign(error, { settingsPath: [] });
}

function noVars(place: string, given: string): GalleyError {
  const error = new GalleyError({
    code: 'goss.no_vars',
    kind: 'config',
    message: `there is no file ${given} in ${place}`,
    hint: 'goss_var_path is the name of a file beside the tests',
  });
  return Object.assign(error, { settingsPath: ['goss_var_path'] });
}
