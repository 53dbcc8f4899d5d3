/**
 * Compares what Galley reads from real kitchen files with what Test Kitchen answered for them, and reports `N of M`.
 *
 *   node test/corpus/compare.ts FOLDER [--verbose]
 *
 * FOLDER holds one folder a case: configuration files, `env`, optionally `tree.txt`, and `list.json` with
 * `diagnose.yml`, or `error.txt` where Test Kitchen stopped. A case counts when all of it agrees: names and order of
 * the instances, their plugins, operating system and shell, and every setting that comes from the files.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createFindings } from '../../src/config/findings.ts';
import { loadKitchen } from '../../src/config/load.ts';
import { parseYamlValue } from '../../src/config/parse-yaml.ts';
import { createSourceFile } from '../../src/config/source-file.ts';
import { toPlain } from '../../src/config/tree.ts';
import { GalleyError, GalleyErrors } from '../../src/core/errors.ts';
import { type Diagnosis, differences, type PeerRow } from './differences.ts';
import { envOf, textOf, workingCopy } from './working-copy.ts';

export interface CaseResult {
  readonly name: string;
  readonly list: readonly string[];
  readonly settings: readonly string[];
  readonly milliseconds: number;
}

export async function compareCase(folder: string): Promise<CaseResult> {
  const name = path.basename(folder);
  const { cwd, clean } = await workingCopy(folder);
  const start = performance.now();
  try {
    const env = { ...(await envOf(folder)), HOME: `${cwd}-home`, USER: 'kitchen', LANG: 'C.UTF-8', PWD: cwd };
    const kitchen = await loadKitchen({ cwd, env: { PATH: process.env['PATH'], ...env }, compat: true });
    const milliseconds = performance.now() - start;
    const error = await textOf(folder, 'error.txt');
    if (error !== undefined) {
      // Reading what stops the peer is right as long as the user is told what is wrong with it.
      const list = kitchen.warnings.length > 0 ? [] : ['Test Kitchen stops here'];
      return { name, list, settings: [], milliseconds };
    }
    const rows = JSON.parse((await textOf(folder, 'list.json')) ?? '[]') as PeerRow[];
    const diagnosis = yaml((await textOf(folder, 'diagnose.yml')) ?? '') as Diagnosis;
    return { name, ...differences(kitchen, rows, diagnosis), milliseconds };
  } catch (error) {
    if (!(error instanceof GalleyError)) throw error;
    const milliseconds = performance.now() - start;
    const found = error instanceof GalleyErrors ? error.errors : [error];
    const isExpected = (await textOf(folder, 'error.txt')) !== undefined;
    return {
      name,
      list: isExpected ? [] : found.map(({ code, message }) => `${code}: ${message}`),
      settings: [],
      milliseconds,
    };
  } finally {
    await clean();
  }
}

function yaml(written: string): unknown {
  const source = createSourceFile({ path: 'diagnose.yml', label: 'diagnose.yml', written });
  return toPlain(parseYamlValue(source, createFindings(true)).root);
}

async function main(corpus: string, isVerbose: boolean): Promise<void> {
  const entries = await readdir(corpus, { withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(corpus, entry.name));
  const results: CaseResult[] = [];
  for (const folder of folders.toSorted()) results.push(await compareCase(folder));
  const print = (line: string) => process.stdout.write(`${line}\n`);
  for (const { name, list, settings } of results) {
    const problems = [...list.map((one) => `list: ${one}`), ...settings];
    if (problems.length === 0) continue;
    print(`${name}: ${problems.length} differences`);
    for (const problem of problems.slice(0, isVerbose ? undefined : 5)) print(`  ${problem}`);
  }
  const good = results.filter(({ list, settings }) => list.length === 0 && settings.length === 0).length;
  const lists = results.filter(({ list }) => list.length === 0).length;
  const time = results.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  print(`instance lists: ${lists} of ${results.length}`);
  print(`lists and merged settings: ${good} of ${results.length}`);
  print(`time to load all: ${time.toFixed(0)} ms`);
  if (good < results.length) process.exitCode = 1;
}

if (import.meta.main) {
  const [corpus, ...flags] = process.argv.slice(2);
  if (corpus === undefined) {
    process.stderr.write('usage: node test/corpus/compare.ts FOLDER [--verbose]\n');
    process.exitCode = 2;
  } else await main(corpus, flags.includes('--verbose'));
}
