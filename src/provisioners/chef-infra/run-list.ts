import { didYouMean } from '../../core/did-you-mean.ts';
import type { Cookbook } from './cookbook.ts';

export type RunListItem =
  | { readonly kind: 'recipe'; readonly cookbook: string; readonly recipe: string }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'unknown' };

/** A role as far as its file could be read; an undefined run list is one that only Ruby can compute. */
export interface Role {
  readonly name: string;
  readonly file: string;
  readonly runList: readonly string[] | undefined;
}

/** Something the run list, a role or a metadata file names and that is not there. */
export interface RunListFinding {
  readonly code:
    | 'chef.bad_run_list_item'
    | 'chef.missing_cookbook'
    | 'chef.missing_recipe'
    | 'chef.missing_role'
    | 'chef.missing_dependency';
  readonly message: string;
  /** Where in the provisioner's settings the name was given or led to. */
  readonly settingsPath: readonly (string | number)[];
  /** The user's file that names it, when it is not the settings. */
  readonly location?: { readonly file: string; readonly line?: number };
  readonly expected?: string;
  readonly hint: string;
}

/** `recipe[a::b@1.0]`, `recipe[a]`, `a::b`, `a`, `role[x]`: the forms of Chef::RunList::RunListItem. */
export function parseRunListItem(item: string): RunListItem {
  const role = /^role\[([^\]]+)\]$/.exec(item);
  if (role?.[1] !== undefined) return { kind: 'role', role: role[1] };
  const recipe =
    /^recipe\[([^\]@]+)(?:@[^\]]*)?\]$/.exec(item)?.[1] ?? (/[[\]]/.test(item) ? undefined : item);
  const name = recipe?.replace(/@.*$/, '');
  if (name === undefined || !/^[\w.-]+(::[\w.-]+)?$/.test(name)) return { kind: 'unknown' };
  const [cookbook = '', entry = 'default'] = name.split('::');
  return { kind: 'recipe', cookbook, recipe: entry };
}

/** Names of the recipes a cookbook has, `default` first. */
function recipeNames(cookbook: Pick<Cookbook, 'files'>): readonly string[] {
  const names = new Set<string>();
  for (const { path } of cookbook.files) {
    if (/^recipe\.(rb|ya?ml|json)$/.test(path)) names.add('default');
    const name = /^recipes\/([^/]+)\.(rb|ya?ml|json)$/.exec(path)?.[1];
    if (name !== undefined) names.add(name);
  }
  return [...names].toSorted((a, b) => (a === 'default' ? -1 : b === 'default' ? 1 : a < b ? -1 : 1));
}

/**
 * Checks that each item names an existing recipe or role, follows roles, and then that the dependencies of the
 * cookbooks reached are there. Reports all findings, each once.
 */
export function checkRunList(
  runList: readonly string[],
  cookbooks: readonly Cookbook[],
  roles: readonly Role[],
): readonly RunListFinding[] {
  const findings: RunListFinding[] = [];
  const reached = new Map<string, readonly (string | number)[]>();
  const seenRoles = new Set<string>();
  const check = (item: string, at: Pick<RunListFinding, 'settingsPath' | 'location'>): void => {
    const parsed = parseRunListItem(item);
    if (parsed.kind === 'unknown') {
      findings.push({
        code: 'chef.bad_run_list_item',
        message: `run list item ${JSON.stringify(item)} cannot be read`,
        expected: 'recipe[cookbook::recipe], role[name] or cookbook::recipe',
        hint: 'write it as recipe[cookbook::recipe]',
        ...at,
      });
      return;
    }
    if (parsed.kind === 'role') {
      if (seenRoles.has(parsed.role)) return;
      seenRoles.add(parsed.role);
      const role = roles.find((one) => one.name === parsed.role);
      if (role === undefined) findings.push({ ...missingRole(parsed.role, roles), ...at });
      for (const inner of role?.runList ?? []) {
        check(inner, { settingsPath: at.settingsPath, ...(role && { location: { file: role.file } }) });
      }
      return;
    }
    const finding = missingRecipe(parsed.cookbook, parsed.recipe, cookbooks);
    if (finding !== undefined) findings.push({ ...finding, ...at });
    if (!reached.has(parsed.cookbook)) reached.set(parsed.cookbook, at.settingsPath);
  };
  for (const [index, item] of runList.entries()) check(item, { settingsPath: ['run_list', index] });
  return [...findings, ...missingDependencies(reached, cookbooks)];
}

type Fault = Pick<RunListFinding, 'code' | 'message' | 'expected' | 'hint'>;

function missingRole(name: string, roles: readonly Role[]): Fault {
  const names = roles.map((role) => role.name);
  return {
    code: 'chef.missing_role',
    message: `the run list names role ${name}, which does not exist`,
    expected: `one of: ${names.join(', ') || '(no roles found)'}`,
    hint: nearHint(name, names, (near) => `role[${near}]`) ?? 'add the role file, or set `roles_path`',
  };
}

function missingRecipe(
  cookbookName: string,
  recipe: string,
  cookbooks: readonly Cookbook[],
): Fault | undefined {
  const cookbook = cookbooks.find((one) => one.name === cookbookName);
  if (cookbook === undefined) {
    const names = cookbooks.map((one) => one.name);
    return {
      code: 'chef.missing_cookbook',
      message: `the run list names cookbook ${cookbookName}, which does not exist`,
      expected: `one of: ${names.join(', ') || '(no cookbooks found)'}`,
      hint:
        nearHint(cookbookName, names, (near) => `recipe[${near}::${recipe}]`) ??
        'add it to cookbooks/, or set `cookbook_paths`, `berksfile_path` or `policyfile_path`',
    };
  }
  const names = recipeNames(cookbook);
  if (names.includes(recipe)) return undefined;
  return {
    code: 'chef.missing_recipe',
    message: `cookbook ${cookbookName} has no recipe ${recipe}`,
    expected: `one of: ${names.join(', ') || '(the cookbook has no recipes)'}`,
    hint:
      nearHint(recipe, names, (near) => `recipe[${cookbookName}::${near}]`) ??
      `add ${cookbook.dir}/recipes/${recipe}.rb, or correct \`run_list\``,
  };
}

function missingDependencies(
  reached: ReadonlyMap<string, readonly (string | number)[]>,
  cookbooks: readonly Cookbook[],
): readonly RunListFinding[] {
  const findings: RunListFinding[] = [];
  const queue = [...reached];
  const seen = new Set<string>();
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
    const [name, settingsPath] = entry;
    const cookbook = cookbooks.find((one) => one.name === name);
    if (cookbook === undefined || seen.has(name)) continue;
    seen.add(name);
    for (const { cookbook: needed, line } of cookbook.metadata.depends) {
      queue.push([needed, settingsPath]);
      if (cookbooks.some((one) => one.name === needed)) continue;
      findings.push({
        code: 'chef.missing_dependency',
        message: `cookbook ${name} depends on ${needed}, which does not exist`,
        settingsPath,
        ...(cookbook.metadataFile !== undefined && {
          location: { file: cookbook.metadataFile, ...(line !== undefined && { line }) },
        }),
        expected: `cookbook ${needed} beside ${cookbook.dir}`,
        hint: `vendor ${needed} into cookbooks/, use a Berksfile or Policyfile.rb, or remove the \`depends\``,
      });
    }
  }
  return findings;
}

function nearHint(
  word: string,
  names: readonly string[],
  show: (near: string) => string,
): string | undefined {
  const near = didYouMean(word, names);
  return near === undefined ? undefined : `did you mean ${show(near)}?`;
}
