import { existsSync } from 'node:fs';
import path from 'node:path';
import { GalleyError } from '../core/errors.ts';
import type { Findings } from './findings.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Explicit choices, e.g. from flags; they win over the environment. Relative to `cwd`. */
export interface FileChoice {
  readonly file?: string | undefined;
  readonly local?: string | undefined;
  readonly global?: string | undefined;
}

/** Absolute paths of the layers that exist, or the place of an additional Galley config instead of them. */
export interface ConfigFiles {
  readonly project: string | undefined;
  readonly local: string | undefined;
  readonly global: string | undefined;
}

/**
 * Finds the files as Test Kitchen does (lib/kitchen/loader/yaml.rb, lib/kitchen/cli.rb): the working directory only,
 * no search upwards. `project` is undefined when neither a file was chosen nor a kitchen.yml exists.
 */
export function findFiles(cwd: string, env: Env, choice: FileChoice, findings: Findings): ConfigFiles {
  const project = projectFile(cwd, env, choice.file);
  const global = globalFile(cwd, env, choice.global, findings);
  if (project === undefined) return { project, local: undefined, global };
  return { project, local: localFile(project, cwd, env, choice.local, findings), global };
}

function projectFile(cwd: string, env: Env, chosen: string | undefined): string | undefined {
  const [given, by] = givenFile(chosen, 'the chosen config file', env, ['KITCHEN_YAML', 'KITCHEN_YML']);
  if (given !== undefined) {
    const file = expand(given, cwd, env);
    if (existsSync(file)) return file;
    throw new GalleyError({
      code: 'config.not_found',
      kind: 'config',
      message: `${by} names ${given}, which does not exist`,
      details: [`looked for ${file}`],
      hint: by === 'the chosen config file' ? 'name an existing file' : `correct or unset ${by}`,
    });
  }
  return plainOrDotted(
    cwd,
    cwd,
    'kitchen.yml',
    'keep kitchen.yml and remove .kitchen.yml, or choose one with KITCHEN_YAML',
  );
}

function localFile(
  project: string,
  cwd: string,
  env: Env,
  chosen: string | undefined,
  findings: Findings,
): string | undefined {
  const [given, by] = givenFile(chosen, 'the chosen local file', env, [
    'KITCHEN_LOCAL_YAML',
    'KITCHEN_LOCAL_YML',
  ]);
  if (given !== undefined) return existing(expand(given, cwd, env), given, by, findings);
  const folder = path.dirname(project);
  const { name, ext } = path.parse(project);
  // For a dotfile without extension, `ext` is empty and the whole name counts.
  const undotted = `${name.replace(/^\./, '')}.local${ext}`;
  const like = path.basename(project);
  return plainOrDotted(
    cwd,
    folder,
    undotted,
    `keep the one that looks like ${like}, or choose one with KITCHEN_LOCAL_YAML`,
  );
}

function globalFile(
  cwd: string,
  env: Env,
  chosen: string | undefined,
  findings: Findings,
): string | undefined {
  const [given, by] = givenFile(chosen, 'the chosen global file', env, [
    'KITCHEN_GLOBAL_YAML',
    'KITCHEN_GLOBAL_YML',
  ]);
  if (given !== undefined) return existing(expand(given, cwd, env), given, by, findings);
  if (!env['HOME']) return undefined;
  const file = path.join(path.resolve(cwd, env['HOME']), '.kitchen', 'config.yml');
  return existsSync(file) ? file : undefined;
}

/** The file of that name or the one with a dot before it. `hint`: what to do when both are there. */
function plainOrDotted(cwd: string, folder: string, name: string, hint: string): string | undefined {
  const [plain, dotted] = [path.join(folder, name), path.join(folder, `.${name}`)];
  const [hasPlain, hasDotted] = [existsSync(plain), existsSync(dotted)];
  if (hasPlain && hasDotted) {
    throw new GalleyError({
      code: 'config.ambiguous',
      kind: 'config',
      message: `both ${name} and .${name} exist, so it is not clear which one counts`,
      location: { file: path.relative(cwd, plain) },
      details: [plain, dotted],
      hint,
    });
  }
  return hasPlain ? plain : hasDotted ? dotted : undefined;
}

/** Test Kitchen reads a named overlay that does not exist as an empty one, so a typo tests something else. */
function existing(file: string, given: string, by: string, findings: Findings): string | undefined {
  if (existsSync(file)) return file;
  findings.tolerable({
    code: 'config.not_found',
    message: `${by} names ${given}, which does not exist`,
    details: [`looked for ${file}`],
    hint: by.startsWith('KITCHEN_') ? `correct or unset ${by}` : 'name an existing file',
  });
  return undefined;
}

/** The file that is chosen, else the one that a variable names, and by what it is named. */
function givenFile(
  chosen: string | undefined,
  by: string,
  env: Env,
  variables: readonly string[],
): readonly [file: string | undefined, by: string] {
  if (chosen) return [chosen, by];
  const name = variables.find((candidate) => env[candidate]) ?? variables[0] ?? '';
  return [env[name] || undefined, name];
}

/** Ruby's File.expand_path, with `~`. */
function expand(file: string, cwd: string, env: Env): string {
  return path.resolve(cwd, env['HOME'] ? file.replace(/^~(?=$|\/)/, env['HOME']) : file);
}
