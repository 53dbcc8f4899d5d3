import { z } from 'zod';
import { unneeded } from '../../core/option-status.ts';
import { orDefault } from '../../core/option-values.ts';
import { resourcePattern } from '../../core/resource-pattern.ts';
import { downloads, maxRetries, rootPath, testBasePath, uploads, waitForRetry } from '../shared-settings.ts';
import { ACCEPTED_OPTIONS } from './accepted-options.ts';

const text = z.string().nullish();
const flag = (value: boolean) => orDefault(z.boolean(), value);
const record = orDefault(z.record(z.string(), z.unknown()), {});
/** A path or a list of paths. */
const paths = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .transform((given) => (given == null ? undefined : typeof given === 'string' ? [given] : given));
/** The peer's own default for an unset named run list is `{}`. */
const namedRunList = z
  .union([z.string(), z.strictObject({})])
  .nullish()
  .transform((given) => (typeof given === 'string' && given !== '' ? given : undefined));
const resourcePatterns = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .transform((given, context) => {
    const texts = given == null ? [] : typeof given === 'string' ? [given] : given;
    try {
      return texts.map(resourcePattern);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message, input: given });
      return z.NEVER;
    }
  });

const accepted = Object.fromEntries(
  Object.entries(ACCEPTED_OPTIONS).map(([name, why]) => [name, unneeded(why)]),
);

/** Settings of `chef_infra`, with the names of Test Kitchen's chef_infra and kitchen-dokken's provisioner. */
export const ChefInfraSettings = z.strictObject({
  ...accepted,
  run_list: orDefault(z.array(z.string()), []).describe(
    'recipes and roles; those of the platform come before those of the suite',
  ),
  attributes: record.describe('node attributes (normal level), merged deeply'),
  named_run_list: namedRunList.describe('named run list of the Policyfile'),
  policy_group: text.describe('policy group of the node'),
  policyfile_path: text.describe("Policyfile; default: Policyfile.rb in the kitchen's folder"),
  policyfile: text.describe('as `policyfile_path`'),
  berksfile_path: text.describe("Berksfile; default: Berksfile in the kitchen's folder"),
  cookbook_paths: paths.describe(
    'ours: folders of cookbooks, or cookbooks, relative to the kitchen; replaces the search for a source',
  ),
  cookbook_overrides: orDefault(z.record(z.string(), z.string()), {}).describe(
    'ours: cookbook → the folder it comes from, or the version of several that the source has',
  ),
  cookbook_files_glob: z
    .union([z.string(), z.array(z.string())])
    .nullish()
    .describe('which files of a cookbook are sent'),
  multiple_converge: orDefault(z.int().min(1), 1).describe('client runs in one converge; default: 1'),
  enforce_idempotency: flag(false).describe(
    'true: a last run that still changes something is a failure of its own',
  ),
  idempotency_allow: resourcePatterns.describe(
    'ours: resources that may change in every run: names such as `execute[date]`, or `/regular expression/`',
  ),
  deprecations_as_errors: flag(false).describe('true: a deprecation ends the run'),
  fresh_node: flag(true).describe('ours: forget the node object of the last converge; default: true'),
  log_level: z.string().nullish().describe('log level of the client; default: auto'),
  log_file: text.describe('log file on the instance'),
  profile_ruby: flag(false).describe('true: a Ruby profile of the run'),
  slow_resource_report: z
    .union([z.boolean(), z.int().min(1)])
    .nullish()
    .describe('true, or a number: the slowest resources'),
  json_attributes: flag(true).describe('false: attributes are not given to the client'),
  chef_zero_host: text.describe('address of the local Chef server'),
  chef_zero_port: z.int().min(1).max(65535).nullish().describe('its port; default: 8889'),
  client_rb: record.describe('settings of client.rb, over the generated ones'),
  chef_client_path: text.describe("client on the instance, instead of the driver's"),
  chef_binary: text.describe('as `chef_client_path` (dokken)'),
  chef_options: text.describe('further options of the client (dokken)'),
  chef_log_level: text.describe('log level of the client (dokken)'),
  chef_output_format: text.describe('formatter of the client (dokken)'),
  chef_license: text.describe('accept, accept-silent or accept-no-persist'),
  test_base_path: testBasePath,
  data_path: paths.describe('folder sent as `data`'),
  data_bags_path: paths.describe('folder of data bags'),
  environments_path: paths.describe('folder of environments'),
  nodes_path: paths.describe('folder of node objects'),
  roles_path: paths.describe('folder of roles'),
  clients_path: paths.describe('folder of client objects'),
  encrypted_data_bag_secret_key_path: text.describe('file with the secret of encrypted data bags'),
  root_path: rootPath,
  command_prefix: text.describe("put before the client's command"),
  http_proxy: text.describe('proxy of the client run'),
  https_proxy: text.describe('proxy of the client run'),
  ftp_proxy: text.describe('proxy of the client run'),
  no_proxy: text.describe('hosts without a proxy'),
  retry_on_exit_code: orDefault(z.array(z.int()), [35, 213]).describe(
    'exit codes after which the client is run again; default: 35, 213',
  ),
  max_retries: maxRetries,
  wait_for_retry: waitForRetry,
  timeout: z
    .number()
    .positive()
    .nullish()
    .describe('ours: seconds after which a client run is stopped; default: none'),
  uploads,
  downloads,
});
export interface ChefInfraSettings extends z.output<typeof ChefInfraSettings> {
  /** Set by `chef_solo`: which program runs instead of the client. */
  readonly solo?: { readonly legacy: boolean };
}
