import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { defined } from '../../core/defined.ts';
import { GalleyError } from '../../core/errors.ts';
import type { PluginHost } from '../../core/plugin-host.ts';

/** How many lines of a failing tool are shown. */
const SHOWN_LINES = 25;

/** Finds the first of some programs on the caller's PATH. */
export function findTool(names: readonly string[], host: PluginHost): string | undefined {
  const folders = (host.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  for (const name of names) {
    for (const folder of folders) if (existsSync(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

/** Runs a tool of Chef's workstation beside its input file; throws `chef.tool_failed` (config) with its last lines. */
export async function runTool(
  argv: readonly string[],
  forFile: string,
  host: PluginHost,
  signal: AbortSignal,
): Promise<void> {
  const [program = '', ...args] = argv;
  const env = defined(host.env);
  const output: Buffer[] = [];
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: dirname(forFile),
      env,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return;
  throw new GalleyError({
    code: 'chef.tool_failed',
    kind: 'config',
    message: `${argv.join(' ')} ended with exit code ${code ?? 'none (killed)'}`,
    location: { file: forFile },
    details: Buffer.concat(output).toString('utf8').trimEnd().split('\n').slice(-SHOWN_LINES),
    hint: `run it by hand in ${dirname(forFile)}`,
  });
}

export function toolMissing(tool: string, gem: string, file: string): GalleyError {
  return new GalleyError({
    code: 'chef.tool_missing',
    kind: 'infrastructure',
    message: `${file} needs the program ${tool}, which is not on PATH`,
    location: { file },
    expected: `${tool} on PATH`,
    hint: `gem install ${gem} (or install Cinc or Chef Workstation), or name vendored cookbooks with \`cookbook_paths\``,
  });
}
