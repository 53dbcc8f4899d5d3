import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { GalleyError } from '../../src/core/errors.ts';
import type { Instance } from '../../src/core/instance.ts';
import type { InspecSettings, ProfileSource } from './settings.ts';

/** What InSpec is given to run: an argument for its command line, or a dependency that a wrapper profile declares. */
export type Target =
  | { readonly kind: 'argument'; readonly value: string }
  | { readonly kind: 'dependency'; readonly depends: Readonly<Record<string, string>> };

/** Folders of other test frameworks: with one of them beside it, the profile is in `inspec/` (kitchen-inspec's rule). */
const FRAMEWORKS = ['inspec', 'serverspec', 'bats', 'pester', 'rspec', 'cucumber', 'minitest', 'bash'];

/**
 * The profiles that the settings name, else the suite's own folder by kitchen-inspec's rules. Throws
 * `inspec.no_profile` (config) with the folders that were looked for, and when a named path does not exist.
 */
export function profilesFor(root: string, instance: Instance, settings: InspecSettings): readonly Target[] {
  const named = settings.inspec_tests ?? [];
  if (named.length === 0) return [{ kind: 'argument', value: ownProfile(root, instance, settings) }];
  return named.map((source, at) => targetOf(root, source, at));
}

function ownProfile(root: string, { suite }: Instance, settings: InspecSettings): string {
  const recipes = join(root, 'test', 'recipes');
  const base =
    settings.test_base_path === 'test/integration' && existsSync(recipes)
      ? 'test/recipes'
      : settings.test_base_path;
  const folder = join(root, base, suite);
  const hasOthers = FRAMEWORKS.some((name) => existsSync(join(folder, name)));
  const chosen = hasOthers ? join(folder, 'inspec') : folder;
  if (existsSync(chosen)) return chosen;
  throw Object.assign(
    new GalleyError({
      code: 'inspec.no_profile',
      kind: 'config',
      message: `${suite} has no InSpec tests`,
      expected: `tests in ${join(base, suite)}${hasOthers ? '/inspec' : ''}`,
      hint: 'put a profile there, or name one under verifier: inspec_tests:',
    }),
    { settingsPath: [] },
  );
}

function targetOf(root: string, source: ProfileSource, at: number): Target {
  if (typeof source === 'string') return pathOrUrl(root, source, ['inspec_tests', at]);
  if (source.path != null) return pathOrUrl(root, source.path, ['inspec_tests', at, 'path']);
  if (source.supermarket != null) return { kind: 'argument', value: `supermarket://${source.supermarket}` };
  if (source.compliance != null) return { kind: 'argument', value: `compliance://${source.compliance}` };
  const plain = source.git == null && source.branch == null && source.tag == null && source.ref == null;
  if (plain && source.url != null) return { kind: 'argument', value: source.url };
  if (source.git == null && source.url == null) {
    // kitchen-inspec: a name alone is a profile of Chef's Supermarket.
    return { kind: 'argument', value: `supermarket://${source.name ?? ''}` };
  }
  const entries = Object.entries({
    name: source.name ?? `profile-${at + 1}`,
    git: source.git ?? source.url,
    branch: source.branch,
    tag: source.tag ?? source.ref,
    relative_path: source.relative_path,
  }).flatMap(([key, value]) => (value == null ? [] : [[key, value] as const]));
  return { kind: 'dependency', depends: Object.fromEntries(entries) };
}

function pathOrUrl(root: string, given: string, settingsPath: readonly (string | number)[]): Target {
  if (/^[a-z]+:\/\//.test(given)) return { kind: 'argument', value: given };
  const value = isAbsolute(given) ? given : join(root, given);
  if (existsSync(value)) return { kind: 'argument', value };
  throw Object.assign(
    new GalleyError({
      code: 'inspec.no_profile',
      kind: 'config',
      message: `there is no InSpec profile ${given}`,
      got: value,
      hint: 'correct the path; it is relative to the kitchen’s folder',
    }),
    { settingsPath },
  );
}
