import { resolve } from 'node:path';
import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { quote } from '../../src/core/shell-words.ts';
import { findProgram, isExecutable } from '../../src/suites/find-program.ts';
import { runTool } from '../../src/suites/run-tool.ts';
import type { TestinfraSettings } from './settings.ts';

const NAMES = ['pytest', 'pytest-3', 'py.test'];

/** Absolute path of pytest; throws `testinfra.not_installed` (infrastructure) with what to install. */
export function findPytest(root: string, given: string | null | undefined, path: string): string {
  if (given?.includes('/')) {
    const file = resolve(root, given);
    if (isExecutable(file)) return file;
    throw missing(`there is no program ${file}`);
  }
  const names = given == null ? NAMES : [given];
  const found = findProgram(names, path);
  if (found !== undefined) return found;
  throw missing(`${names.join(', ')}: not on the PATH`);
}

/** Throws as well when pytest does not know testinfra's options: another Python may have it. */
export async function assertTestinfra(
  ctx: ActionContext<TestinfraSettings>,
  host: PluginHost,
  executable: string,
): Promise<void> {
  const run = await ctx.once(`looking for testinfra\n${executable}`, () =>
    runTool(ctx, `${quote(executable)} --help`, {
      cwd: ctx.root,
      env: host.env,
      timeoutMs: 60_000,
      source: 'pytest',
      isQuiet: true,
    }),
  );
  if (run.stdout.includes('--hosts')) return;
  throw missing(
    run.exitCode === 0 ? `${executable} has no testinfra` : `${executable} does not start`,
    run.exitCode === 0 ? [] : run.lastLines,
  );
}

function missing(got: string, details: readonly string[] = []): GalleyError {
  return new GalleyError({
    code: 'testinfra.not_installed',
    kind: 'infrastructure',
    message: 'verifier: testinfra needs pytest with testinfra on this machine',
    got,
    details,
    hint: 'pip install pytest-testinfra (Debian, Ubuntu: apt-get install python3-testinfra), or name its pytest with executable:',
  });
}
