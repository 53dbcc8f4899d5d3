import { z } from 'zod';
import { REPORT_FORMATS } from '../core/report-request.ts';
import { HOOK_NAMES } from './keys.ts';

/** The keys a kitchen file may have at its three levels. What is inside a plugin's section belongs to the plugin. */

const text = z.string();
const anyMapping = z.record(z.string(), z.unknown());
const emptyOr = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

const section = z
  .union([text, z.looseObject({ name: emptyOr(text).optional() }), z.null()])
  .describe("A plugin's name, or a mapping of `name` and its settings");
const runList = z
  .union([text, z.array(z.union([text, z.null(), z.array(text)])), z.null()])
  .describe('Recipes and roles; the platform’s list is put before the suite’s');
const platformFilter = z.union([text, z.array(text), z.null()]);
const attributes = emptyOr(anyMapping).describe('Node attributes, merged deeply: common, platform, suite');
const services = emptyOr(z.record(z.string(), z.unknown())).describe('Companion services by name');
const tags = z.union([text, z.array(text), z.null()]).describe('Words to select instances by');

const hook = z.union([text, anyMapping, z.array(z.union([text, anyMapping, z.null()])), z.null()]);

const kitchenWide = {
  kitchen_root: text.optional().describe('Folder that relative paths start from'),
  test_base_path: text.optional().describe("Folder of the suites' folders; default: test/integration"),
  log_level: text.optional().describe('Log level of all plugins'),
  debug: z.boolean().optional().describe('Debug mode of all plugins'),
};

const lifecycle = emptyOr(
  z.strictObject({
    ...Object.fromEntries(HOOK_NAMES.map((name) => [name, hook.optional()])),
    ...Object.fromEntries(Object.keys(kitchenWide).map((name) => [name, z.unknown().optional()])),
  }),
).describe('Commands to run before and after each phase');

const plugins = {
  driver: section.optional(),
  provisioner: section.optional(),
  verifier: section.optional(),
  transport: section.optional(),
  lifecycle: lifecycle.optional(),
};

/** Spellings of Test Kitchen's first versions, still honoured. */
const legacy = {
  driver_plugin: emptyOr(text).optional().describe('Old spelling of `driver: {name: …}`'),
  driver_config: emptyOr(anyMapping).optional().describe('Old spelling of `driver`'),
  busser: z.union([text, anyMapping, z.null()]).optional().describe('Old spelling of `verifier`'),
};

const chef = {
  attributes: attributes.optional(),
  run_list: runList.optional(),
  named_run_list: emptyOr(text).optional().describe('Named run list of the Policyfile'),
  policy_group: emptyOr(text).optional().describe('Policy group of the node'),
};

const chefPath = (what: string) =>
  z
    .union([text, z.array(text), z.null()])
    .optional()
    .describe(`Folder of ${what}`);

export const Platform = z.strictObject({
  name: text.describe('Such as `ubuntu-24.04`'),
  os_type: emptyOr(z.enum(['unix', 'windows']))
    .optional()
    .describe('Default: by the name'),
  shell_type: emptyOr(z.enum(['bourne', 'powershell']))
    .optional()
    .describe('Default: by the name'),
  ...plugins,
  ...chef,
  ...legacy,
  services: services.optional(),
  tags: tags.optional(),
});

const suitePaths = {
  data_path: chefPath('data'),
  data_bags_path: chefPath('data bags'),
  encrypted_data_bag_secret_key_path: chefPath('the secret of encrypted data bags'),
  environments_path: chefPath('environments'),
  nodes_path: chefPath('node objects'),
  roles_path: chefPath('roles'),
};

/** Phases that each step goes through; the others happen once to the instance. */
const STEP_PHASES = ['converge', 'setup', 'verify'] as const;

const stepLifecycle = emptyOr(
  z.strictObject(
    Object.fromEntries(
      STEP_PHASES.flatMap((phase) =>
        [`pre_${phase}`, `post_${phase}`, `finally_${phase}`].map((name) => [name, hook.optional()]),
      ),
    ),
  ),
).describe('Hooks around the phases of this step, after those of the suite');

/** One step of a suite. Not Test Kitchen’s: what it gives goes over the settings of the suite. */
export const Step = z.strictObject({
  name: text.describe('Such as `v1`'),
  provisioner: section.optional(),
  verifier: section.optional(),
  lifecycle: stepLifecycle.optional(),
  ...chef,
  ...suitePaths,
  cookbooks: z
    .union([text, z.array(text), z.record(z.string(), text), z.null()])
    .optional()
    .describe('Folders of cookbooks, or `{COOKBOOK: folder or version}` in place of those the suite uses'),
  checks: emptyOr(z.array(z.unknown()))
    .optional()
    .describe('Run after this step, besides those of the suite'),
});

export const Suite = z.strictObject({
  name: text.describe('Such as `default`'),
  ...plugins,
  ...chef,
  steps: emptyOr(z.array(Step))
    .optional()
    .describe('Converged and verified one after the other on the same machine, as in an upgrade'),
  from: emptyOr(text).optional().describe('A suite whose converged machine this one starts from'),
  includes: platformFilter.optional().describe('Only these platforms: names, or expressions as `/…/`'),
  excludes: platformFilter.optional().describe('Not these platforms; has no effect beside `includes`'),
  ...suitePaths,
  ...legacy,
  services: services.optional(),
  tags: tags.optional(),
});

const marks = {
  replace: z
    .union([text, z.array(text)])
    .optional()
    .describe('Keys of this mapping, dotted below it, that count as they are here and do not merge'),
  append: z
    .union([text, z.array(text)])
    .optional()
    .describe('Lists of this mapping, dotted below it, to put after what was given before'),
  remove: z.literal(true).optional().describe('Takes it away'),
};

/** What a platform or a suite may hold besides its settings in a file that says `merge: by_name`. */
export const OverlayMarks = z.strictObject({
  ...marks,
  replace: z
    .union([z.literal(true), text, z.array(text)])
    .optional()
    .describe('true: nothing that earlier files say of it counts; or those keys that do not merge'),
});

/** Settings for some cells of suites × platforms. Not Test Kitchen’s: they go over those of the suite. */
export const Cell = z.strictObject({
  suite: platformFilter.optional().describe('Suites: names, or expressions as `/…/`; default: all'),
  platform: platformFilter.optional().describe('Platforms: names, or expressions as `/…/`; default: all'),
  ...plugins,
  ...chef,
  ...suitePaths,
  checks: emptyOr(z.array(z.unknown())).optional().describe('Run besides those of the suite'),
  services: services.optional(),
  tags: tags.optional(),
  ...marks,
});
const report = z.union([
  text,
  z.strictObject({
    format: z.enum(REPORT_FORMATS),
    path: text.optional(),
    max_cases: z.int().min(1).optional().describe('JUnit: most cases of the run'),
  }),
]);
const reports = emptyOr(z.array(report)).describe(
  'Reports of every run but destroy: `FORMAT`, `FORMAT:PATH`, or a mapping',
);

const keepLogs = z.int().min(1).describe('How many runs keep their log folder; default 20');

export const KitchenFile = z.strictObject({
  ...plugins,
  platforms: emptyOr(z.array(Platform)).optional().describe('On which systems'),
  suites: emptyOr(z.array(Suite)).optional().describe('What is tested on each of them'),
  cells: emptyOr(z.array(Cell)).optional().describe('Settings for some cells of suites × platforms'),
  merge: z
    .literal('by_name')
    .optional()
    .describe('Platforms and suites of this file are merged into those of earlier files by their names'),
  kitchen: emptyOr(
    z.strictObject({ ...kitchenWide, keep_logs: keepLogs.optional(), reports: reports.optional() }),
  )
    .optional()
    .describe('Settings of the whole kitchen'),
  services: services.optional(),
  tags: tags.optional(),
  ...legacy,
  settings: z
    .unknown()
    .optional()
    .describe(
      'Accepted: old kitchens say `settings: {parallel: true}`, which nothing reads; see `--concurrency`',
    ),
});
