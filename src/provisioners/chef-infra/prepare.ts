import type { ActionContext } from '../../core/action-context.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { GalleyErrors } from '../../core/errors.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import { SettingsError } from '../settings-error.ts';
import { globsOf } from './cookbook.ts';
import { withOverrides } from './cookbook-overrides.ts';
import { findCookbookSource, sourceKey } from './cookbook-source.ts';
import { type ChefData, loadChefData } from './data-dirs.ts';
import { type CookbookSet, resolveCookbooks } from './resolve-cookbooks.ts';
import { readRoles } from './roles.ts';
import { checkRunList, type RunListFinding } from './run-list.ts';
import type { ChefInfraSettings } from './settings.ts';

/** Everything local that a converge needs. */
export interface Prepared {
  readonly cookbooks: CookbookSet;
  readonly data: ChefData;
}

/**
 * Finds the cookbooks (once per run for all instances with the same source) and the chef-repo data of the suite, and
 * checks the run list against them. Throws a `SettingsError`, or `GalleyErrors` of several.
 */
export async function prepareChef(
  ctx: ActionContext<ChefInfraSettings>,
  host: PluginHost,
): Promise<Prepared> {
  const settings = ctx.config;
  const source = findCookbookSource(ctx.root, settings);
  const key = sourceKey(source, settings);
  const globs = globsOf(settings.cookbook_files_glob);
  const found = await ctx.once(key, () =>
    resolveCookbooks(source, {
      root: ctx.root,
      host,
      signal: ctx.signal,
      glob: globs,
      progress: (text) => ctx.emit({ type: 'progress', text }),
    }),
  );
  const overrides = settings.cookbook_overrides;
  const cookbooks = await withOverrides(found, overrides, { root: ctx.root, glob: globs });
  await ctx.once(`${key}:duplicates:${Object.keys(overrides).join()}`, async () => {
    for (const [at, [used, leftOut]] of cookbooks.duplicates.entries()) {
      // Which of them is meant has been said.
      if (Object.hasOwn(overrides, cookbooks.leftOut[at]?.name ?? '')) continue;
      const message = `two cookbooks of the same name: ${used} is used, ${leftOut} is left out`;
      ctx.emit({ type: 'notice', level: 'warning', message });
    }
  });
  const data = await loadChefData(ctx.root, ctx.instance.suite, settings);
  const errors = await settingsErrors(settings, cookbooks, data);
  if (errors.length === 1 && errors[0] !== undefined) throw errors[0];
  if (errors.length > 1) throw new GalleyErrors(errors);
  return { cookbooks, data };
}

async function settingsErrors(
  settings: ChefInfraSettings,
  set: CookbookSet,
  data: ChefData,
): Promise<readonly SettingsError[]> {
  if (set.policy !== undefined) return policyErrors(settings, set.policy.namedRunLists);
  const roles = await readRoles(data.dirs.roles);
  return checkRunList(settings.run_list, set.cookbooks, roles).map(toError);
}

/** With a Policyfile the run list is in the policy, where chef-cli has checked it. */
function policyErrors(settings: ChefInfraSettings, named: readonly string[]): readonly SettingsError[] {
  const wanted = settings.named_run_list;
  if (wanted === undefined || named.includes(wanted)) return [];
  const near = didYouMean(wanted, named);
  const error = new SettingsError(
    {
      code: 'chef.missing_named_run_list',
      kind: 'config',
      message: `the policy has no named run list ${wanted}`,
      expected: `one of: ${named.join(', ') || '(the policy has none)'}`,
      hint:
        near === undefined ? 'add it to Policyfile.rb, or correct `named_run_list`' : `did you mean ${near}?`,
    },
    ['named_run_list'],
  );
  return [error];
}

function toError(finding: RunListFinding): SettingsError {
  const { settingsPath, ...facts } = finding;
  return new SettingsError({ kind: 'config', ...facts }, settingsPath);
}
