import { z } from 'zod';
import { resourcePattern } from '../../core/resource-pattern.ts';
import { ACCEPTED_OPTIONS } from './accepted-options.ts';

const text = z.string().nullish();
const flag = (value: boolean) =>
  z
    .boolean()
    .nullish()
    .transform((given) => given ?? value);
const word = (value: string) =>
  z
    .string()
    .nullish()
    .transform((given) => given ?? value);
const count = (value: number) =>
  z
    .int()
    .min(0)
    .nullish()
    .transform((given) => given ?? value);
const record = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((given) => given ?? {});
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
const transfers = z
  .record(z.string(), z.string())
  .nullish()
  .transform((given) => given ?? {});

const accepted = Object.fromEntries(
  Object.keys(ACCEPTED_OPTIONS).map((name) => [name, z.unknown().optional()]),
) as Record<string, z.ZodOptional<z.ZodUnknown>>;

/** Settings of `chef_infra`, with the names of Test Kitchen's chef_infra and kitchen-dokken's provisioner. */
export const ChefInfraSettings = z.strictObject({
  ...accepted,
  run_list: z
    .array(z.string())
    .nullish()
    .transform((given) => given ?? []),
  attributes: record,
  named_run_list: namedRunList,
  policy_group: text,
  policyfile_path: text,
  policyfile: text,
  berksfile_path: text,
  /** Ours: folders of cookbooks, or cookbooks, relative to the kitchen; replaces the search for a cookbook source. */
  cookbook_paths: paths,
  /** Ours: cookbook → the folder it comes from, or the version of several that the source has. */
  cookbook_overrides: transfers,
  cookbook_files_glob: z.union([z.string(), z.array(z.string())]).nullish(),
  multiple_converge: z
    .int()
    .min(1)
    .nullish()
    .transform((given) => given ?? 1),
  enforce_idempotency: flag(false),
  /** Ours: resources that may change in every run: names such as `execute[date]`, or `/regular expression/`. */
  idempotency_allow: resourcePatterns,
  deprecations_as_errors: flag(false),
  /** Ours: the node object of the last converge is forgotten, so attributes it left behind cannot hide a fault. */
  fresh_node: flag(true),
  log_level: z.string().nullish(),
  log_file: text,
  profile_ruby: flag(false),
  slow_resource_report: z.union([z.boolean(), z.int().min(1)]).nullish(),
  json_attributes: flag(true),
  chef_zero_host: text,
  chef_zero_port: z.int().min(1).max(65535).nullish(),
  client_rb: record,
  chef_client_path: text,
  chef_binary: text,
  chef_options: text,
  chef_log_level: text,
  chef_output_format: text,
  chef_license: text,
  test_base_path: word('test/integration'),
  data_path: paths,
  data_bags_path: paths,
  environments_path: paths,
  nodes_path: paths,
  roles_path: paths,
  clients_path: paths,
  encrypted_data_bag_secret_key_path: text,
  root_path: z
    .string()
    .regex(/^\/[^\n]*[^/\n]$/, 'must be an absolute path without a trailing slash')
    .nullish()
    .transform((given) => given ?? '/opt/kitchen'),
  command_prefix: text,
  http_proxy: text,
  https_proxy: text,
  ftp_proxy: text,
  no_proxy: text,
  retry_on_exit_code: z
    .array(z.int())
    .nullish()
    .transform((given) => given ?? [35, 213]),
  max_retries: count(1),
  /** Seconds between two tries. */
  wait_for_retry: z
    .number()
    .min(0)
    .nullish()
    .transform((given) => given ?? 30),
  /** Ours: seconds after which a client run is stopped; none by default. */
  timeout: z.number().positive().nullish(),
  uploads: transfers,
  downloads: transfers,
});
export type ChefInfraSettings = z.output<typeof ChefInfraSettings>;
