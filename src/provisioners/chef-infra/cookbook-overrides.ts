import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { didYouMean } from '../../core/did-you-mean.ts';
import { pathMissing, SettingsError } from '../settings-error.ts';
import { type Cookbook, loadCookbook, readMetadata } from './cookbook.ts';
import type { CookbookSet } from './resolve-cookbooks.ts';
import { compareVersions, parseConstraint, satisfies, type VersionConstraint } from './version-constraint.ts';

/** What a metadata file without a version means to Chef. */
const NO_VERSION = '0.0.0';

/**
 * The cookbooks with those of `cookbook_overrides` in place of the source's own: from a folder of their own, or of
 * several of the same name in the source the highest version that a constraint allows. The shared set stays as it is.
 */
export async function withOverrides(
  set: CookbookSet,
  overrides: Readonly<Record<string, string>>,
  where: { readonly root: string; readonly glob: readonly string[] | undefined },
): Promise<CookbookSet> {
  const names = Object.keys(overrides);
  const [first] = names;
  if (first === undefined) return set;
  if (set.policy !== undefined) throw notWithPolicy(first);
  const chosen = new Map(set.cookbooks.map((cookbook) => [cookbook.name, cookbook]));
  for (const [name, given] of Object.entries(overrides)) {
    const constraint = parseConstraint(given);
    chosen.set(
      name,
      constraint ? ofVersion(set, name, given, constraint) : await fromFolder(name, given, where),
    );
  }
  const cookbooks = [...chosen.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { ...set, cookbooks };
}

function ofVersion(set: CookbookSet, name: string, given: string, constraint: VersionConstraint): Cookbook {
  const all = [...set.cookbooks, ...set.leftOut];
  const named = all.filter((cookbook) => cookbook.name === name);
  const versionOf = (cookbook: Cookbook): string => cookbook.metadata.version ?? NO_VERSION;
  const [best] = named
    .filter((cookbook) => satisfies(versionOf(cookbook), constraint))
    .toSorted((a, b) => compareVersions(versionOf(b), versionOf(a)));
  if (best) return best;
  const guess = didYouMean(
    name,
    all.map((cookbook) => cookbook.name),
  );
  throw new SettingsError(
    {
      code: 'chef.no_such_version',
      kind: 'config',
      message:
        named.length === 0
          ? `there is no cookbook ${name} to choose version ${given} of`
          : `no version of cookbook ${name} is ${given}`,
      expected: named.length === 0 ? 'a cookbook of the source' : `one of ${named.map(versionOf).join(', ')}`,
      got: given,
      hint:
        named.length === 0 && guess !== undefined
          ? `did you mean ${guess}?`
          : 'put it beside the others in a folder of its own, or give the path of its folder',
    },
    ['cookbook_overrides', name],
  );
}

/** `path` is the cookbook, or the folder that the cookbook is in under its name. */
async function fromFolder(
  name: string,
  path: string,
  { root, glob }: { readonly root: string; readonly glob: readonly string[] | undefined },
): Promise<Cookbook> {
  const folder = resolve(root, path);
  if (!existsSync(folder)) throw pathMissing(['cookbook_overrides', name], path, folder);
  const inside = join(folder, name);
  const dir = (await readMetadata(folder)) === undefined && existsSync(inside) ? inside : folder;
  const cookbook = await loadCookbook(dir, root, glob);
  if (cookbook.name === name || cookbook.metadata.name === undefined) return { ...cookbook, name };
  throw new SettingsError(
    {
      code: 'chef.other_cookbook',
      kind: 'config',
      message: `${path} is the cookbook ${cookbook.name}, not ${name}`,
      got: cookbook.metadataFile ?? dir,
      hint: 'name the cookbook as its metadata does',
    },
    ['cookbook_overrides', name],
  );
}

function notWithPolicy(name: string): SettingsError {
  return new SettingsError(
    {
      code: 'chef.override_with_policy',
      kind: 'config',
      message: 'a Policyfile has its cookbooks locked, so none can be put in their place',
      hint: 'use another Policyfile instead: `policyfile_path`',
    },
    ['cookbook_overrides', name],
  );
}
