import { relative, resolve } from 'node:path';
import type { InstanceConfig } from '../core/kitchen.ts';
import { isBelow, leadsOut, slashed } from '../core/paths.ts';
import { cookbookFilesOf, type LinkedFolders } from './cookbook-files.ts';

/** Files that no converge and no check reads. */
const UNREAD = /^(?:[^/]*\.(?:md|markdown)|LICENSE[^/]*|CODEOWNERS|\.git[^/]*|\.github\/.*|docs?\/.*)$/i;
const TEST_FOLDER = /^test\/integration\/([^/]+)\//;

export interface Changes {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Absolute folder of the kitchen. */
  readonly root: string;
  /** Absolute paths of the kitchen's files. */
  readonly kitchenFiles: readonly string[];
  readonly linked: LinkedFolders;
}

/**
 * The instances that changed files may concern. It errs on the side of running too much: nobody can tell which recipe
 * reads which template. In this order:
 *
 * 1. a file of the kitchen itself: all instances;
 * 2. `test/integration/NAME/…` where NAME is a suite: that suite;
 * 3. Markdown and licence at the top, `docs/`, `.git*`: none;
 * 4. any other file below the kitchen's folder, which is the cookbook's: all;
 * 5. a file outside it: the instances with a setting of their provisioner that leads there
 *    (`cookbook_path: ../shared`, `data_bags_path: …`) or a Berksfile or Policyfile of theirs.
 */
export function changedInstances(
  instances: readonly InstanceConfig[],
  changes: Changes,
): readonly InstanceConfig[] {
  const suites = new Set(instances.map((config) => config.instance.suite));
  const kitchenFiles = new Set(changes.kitchenFiles);
  const chosen = new Set<InstanceConfig>();
  for (const file of changes.files) {
    const inside = slashed(relative(changes.root, file));
    const suite = TEST_FOLDER.exec(inside)?.[1];
    for (const config of instances) {
      if (kitchenFiles.has(file)) chosen.add(config);
      else if (leadsOut(inside)) {
        if (leadsTo(config, file, changes)) chosen.add(config);
      } else if (suite !== undefined && suites.has(suite)) {
        if (config.instance.suite === suite) chosen.add(config);
      } else if (!UNREAD.test(inside)) chosen.add(config);
    }
  }
  return instances.filter((config) => chosen.has(config) || startsFromOne(config, chosen, instances));
}

/** What changes a base changes all that start from it. */
function startsFromOne(
  config: InstanceConfig,
  chosen: ReadonlySet<InstanceConfig>,
  all: readonly InstanceConfig[],
): boolean {
  const base = all.find((one) => one.instance.name === config.from?.instance);
  return base !== undefined && (chosen.has(base) || startsFromOne(base, chosen, all));
}

/** Whether a setting of the instance's provisioner, or a cookbook file of it, names the file or a folder above it. */
function leadsTo(config: InstanceConfig, file: string, { root, linked }: Places): boolean {
  const named = pathsOf(config, root);
  // Which of the cookbooks inside the kitchen's folder is used where, nobody can tell.
  const targets = isBelow(file, root) ? named : [...named, ...linkedOf(config, root, linked)];
  return targets.some((target) => file === target || isBelow(file, target));
}

type Places = Pick<Changes, 'root' | 'linked'>;

/** Absolute paths of the files and folders that settings of the instance's provisioner name, those of steps too. */
export function pathsOf(config: InstanceConfig, root: string): readonly string[] {
  const settings = [config, ...(config.steps ?? []).map((step) => step.config)].flatMap((one) =>
    Object.entries(one.provisioner.settings),
  );
  return settings.flatMap(([key, value]) => {
    if (!/_paths?$|^(?:cookbooks|cookbook_overrides|policyfile)$/.test(key)) return [];
    const paths = Object.values([value].flat(1)).flatMap((one: unknown) =>
      typeof one === 'string' ? [one] : Object.values(one ?? {}).filter((inner) => typeof inner === 'string'),
    );
    return paths.map((one) => resolve(root, one));
  });
}

/** Absolute paths of the folders that Berksfiles and Policyfiles of an instance and its steps take cookbooks from. */
export function linkedOf(config: InstanceConfig, root: string, linked: LinkedFolders): readonly string[] {
  return cookbookFilesOf(config, root).flatMap((file) => linked.get(file) ?? []);
}
