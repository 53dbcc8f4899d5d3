import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { GalleyError } from '../../src/core/errors.ts';
import { listFiles, type StagedFile } from '../../src/suites/stage.ts';
import type { BusserSettings } from './settings.ts';

/** A folder of tests for one runner, e.g. `test/integration/default/bats`. */
export interface TestFolder {
  /** `bats`, `serverspec`, … */
  readonly busser: string;
  /** Relative to the kitchen's folder. */
  readonly place: string;
  /** The tests and their helpers; paths are relative to the folder. */
  readonly files: readonly (StagedFile & { readonly local: string })[];
}

/** What is not tests in a suite's folder (test-kitchen: lib/kitchen/verifier/busser.rb, `chef_data_dir?`). */
const DATA = ['data', 'data_bags', 'environments', 'nodes', 'roles'];

/** Other verifiers that read a folder of that name. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  inspec: 'verifier: inspec runs it',
  goss: 'verifier: goss runs it',
  testinfra: 'verifier: testinfra runs it',
};

/**
 * The folders of tests of a suite, by name, each with the files of `helpers/<busser>` merged in; a folder without files
 * is left out, as Test Kitchen does. Throws `busser.no_runner` (config) for tests that nothing here can run.
 */
export async function testFolders(
  root: string,
  suite: string,
  settings: Pick<BusserSettings, 'test_base_path' | 'suite_name'>,
  runners: readonly string[],
): Promise<readonly TestFolder[]> {
  const base = join(settings.test_base_path, settings.suite_name ?? suite);
  const entries = await readdir(join(root, base), { withFileTypes: true }).catch(() => []);
  const found: TestFolder[] = [];
  for (const { name } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (DATA.includes(name) || name.startsWith('.')) continue;
    const place = join(base, name);
    const own = await filesBelow(root, place);
    if (own.length === 0) continue;
    if (!runners.includes(name)) throw noRunner(place, name, runners);
    const helpers = await filesBelow(root, join(settings.test_base_path, 'helpers', name));
    // A file of the suite wins over a helper of the same name.
    const all = new Map([...helpers, ...own].map((file) => [file.path, file]));
    found.push({ busser: name, place, files: [...all.values()] });
  }
  return found;
}

async function filesBelow(root: string, place: string): Promise<TestFolder['files']> {
  // The peer passes over files that lie beside the folders.
  const info = await stat(join(root, place)).catch(() => undefined);
  if (!info?.isDirectory()) return [];
  const files = await listFiles(join(root, place));
  return files.map(({ path, absolute, mode }) => ({
    path,
    mode,
    source: { file: absolute },
    local: relative(root, absolute),
  }));
}

function noRunner(place: string, name: string, runners: readonly string[]): GalleyError {
  const error = new GalleyError({
    code: 'busser.no_runner',
    kind: 'config',
    message: `nothing here runs the tests in ${place}`,
    expected: `folders named ${runners.join(', ')}`,
    got: name,
    hint: ELSEWHERE[name] ?? 'run them with verifier: shell, or move the folder away if they are not tests',
  });
  return Object.assign(error, { settingsPath: [] });
}
