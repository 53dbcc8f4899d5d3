import { relative, resolve } from 'node:path';
import type { InstanceConfig } from '../core/kitchen.ts';
import { isBelow, leadsOut, slashed } from '../core/paths.ts';
import { linkedOf, pathsOf } from './changed.ts';
import type { LinkedFolders } from './cookbook-files.ts';
import { namedBy } from './named-paths.ts';
import { isOurOwn } from './test-suite.ts';

/** What saved files make necessary for an instance. `converge` is followed by `verify`. */
export type Need = 'converge' | 'verify';

/** A cookbook that a saved file lies in, and whether it is sent with it. */
export interface InCookbook {
  /** Absolute. */
  readonly dir: string;
  readonly isSent: boolean;
}

/** What must be known of saved files. All paths are absolute. */
export interface Places {
  /** Folder of the kitchen. */
  readonly root: string;
  readonly linked: LinkedFolders;
  /** Those that git ignores. */
  readonly gitIgnored: ReadonlySet<string>;
  /** The cookbooks that each lies in, nearest first; a file that is in none may be missing. */
  readonly cookbooks: ReadonlyMap<string, readonly InCookbook[]>;
}

/** Folders whose content is made, not written: never watched. Below a watched folder. */
export const UNWATCHED =
  /(?:^|\/)(?:\.git|\.hg|\.svn|\.galley|\.kitchen|\.vagrant|\.bundle|\.idea|\.vscode|\.tap|node_modules)(?:\/|$)/;
/** What editors write beside the file that is edited. */
const EDITOR_FILE =
  /(?:^|\/)(?:\.#[^/]*|#[^/]*#|4913|[^/]*~|\.?[^/]*\.sw[a-z]|[^/]*___jb_(?:tmp|old)___|\.DS_Store)$/;
/** They decide which cookbooks there are, although cookbooks are sent without them. */
const RESOLUTION =
  /(?:^|\/)(?:Berksfile(?:\.lock)?|Policyfile(?:\.lock\.json|\.rb)|metadata\.(?:rb|json)|chefignore)$/;
/** Where test suites are looked for, besides `test_base_path`. */
const TEST = /^test\/(?:integration|recipes|smoke|acceptance|e2e)\/(?:([^/]+)\/)?/;
/** Data of a chef-repo, below the tests' folder, a suite's folder in it, or the kitchen's. */
const DATA = /^(?:clients|data|data_bags|encrypted_data_bag_secret[^/]*|environments|nodes|roles)(?:\/|$)/;
/** Provisioners that send no cookbooks. */
const WITHOUT_COOKBOOKS: readonly (string | undefined)[] = ['shell', 'dummy'];

/** Whether a file is what an editor or a tool leaves behind. `inside`: relative to the kitchen, with slashes. */
export function isLitter(inside: string): boolean {
  return EDITOR_FILE.test(inside) || UNWATCHED.test(inside);
}

/**
 * What a saved file, which is none of the kitchen's own, makes necessary for an instance: a converge when it is sent,
 * decides what is sent, or is named by a setting of the provisioner or by a hook around the converge; a verify when
 * the tests of its suite are there or something of the verifier or the driver names it; else nothing.
 */
export function needOfFile(
  file: string,
  config: InstanceConfig,
  suites: ReadonlySet<string>,
  places: Places,
): Need | undefined {
  const { root } = places;
  const parts = [config, ...(config.steps ?? []).map((step) => step.config)];
  const needs = parts.map((part) => needOfPart(file, part, suites, places));
  if (needs.includes('converge') || namedBy(hooks(config, /_(?:converge|setup)$/), file, root))
    return 'converge';
  if (needs.includes('verify') || namedBy(hooks(config, /_verify$/), file, root)) return 'verify';
  return undefined;
}

/** The same for the instance itself, or for one of its steps. */
function needOfPart(
  file: string,
  config: InstanceConfig,
  suites: ReadonlySet<string>,
  places: Places,
): Need | undefined {
  const { root } = places;
  const inside = slashed(relative(root, file));
  if (isNamed(file, config, places)) return 'converge';
  const inTests = slashed(relative(testBase(config, root), file));
  const isTest = !leadsOut(inTests) || TEST.test(inside);
  if (leadsOut(inside) && !isTest) return namedElsewhere(config, file, root) ? 'verify' : undefined;
  if (places.gitIgnored.has(file)) return undefined;
  if (isTest) {
    const [first = '', ...rest] = leadsOut(inTests) ? inside.split('/').slice(2) : inTests.split('/');
    const isOfSuite = rest.length > 0 && suites.has(first);
    if (isOfSuite && first !== config.instance.suite) return undefined;
    if (DATA.test(isOfSuite ? rest.join('/') : inTests)) return 'converge';
    if (isScript(isOfSuite ? rest.join('/') : inTests, config)) return 'converge';
    if (!isOurOwn(config)) return /\.(?:md|markdown)$/i.test(inside) ? undefined : 'verify';
  }
  if (isSent(file, inside, config, places)) return 'converge';
  return namedElsewhere(config, file, root) ? 'verify' : undefined;
}

/** Whether it is sent, or decides what is sent. */
function isSent(file: string, inside: string, config: InstanceConfig, { cookbooks }: Places): boolean {
  if (DATA.test(inside) || isScript(inside, config)) return true;
  if (WITHOUT_COOKBOOKS.includes(config.provisioner.name)) return false;
  return RESOLUTION.test(inside) || (cookbooks.get(file)?.some((one) => one.isSent) ?? false);
}

/** The script that the `shell` provisioner runs where none is named. */
function isScript(inside: string, { provisioner }: InstanceConfig): boolean {
  return provisioner.name === 'shell' && inside === 'bootstrap.sh';
}

/** A folder that holds cookbooks names what is sent of them, any other one everything in it. */
function isNamed(file: string, config: InstanceConfig, { root, linked, cookbooks }: Places): boolean {
  const { attributes: _attributes, run_list: _runList, ...settings } = config.provisioner.settings;
  const base = testBase(config, root);
  const folders = [
    ...pathsOf(config, root).filter((path) => path !== base),
    // Which of the cookbooks inside the kitchen's folder is used where, nobody can tell.
    ...(leadsOut(slashed(relative(root, file))) ? linkedOf(config, root, linked) : []),
  ].filter((folder) => file === folder || isBelow(file, folder));
  const around = cookbooks.get(file) ?? [];
  const isDirect = folders.some(
    (folder) => !around.some(({ dir }) => dir === folder || isBelow(dir, folder)),
  );
  if (isDirect || namedBy(settings, file, root, [base, ...folders])) return true;
  return folders.length > 0 && (around.some((one) => one.isSent) || RESOLUTION.test(file));
}

/** What tests read and what is mounted. */
function namedElsewhere(config: InstanceConfig, file: string, root: string): boolean {
  const { verifier, driver } = config;
  return namedBy([verifier.settings, driver.settings], file, root, [testBase(config, root)]);
}

/** Absolute folder of the suites' folders. Every plugin is told of it. */
function testBase({ provisioner, verifier }: InstanceConfig, root: string): string {
  const given = verifier.settings['test_base_path'] ?? provisioner.settings['test_base_path'];
  return resolve(root, typeof given === 'string' ? given : 'test/integration');
}

function hooks({ lifecycle }: InstanceConfig, names: RegExp): unknown {
  return Object.entries(lifecycle).flatMap(([name, list]) => (names.test(name) ? list : []));
}
