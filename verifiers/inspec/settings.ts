import { z } from 'zod';
import { orDefault } from '../../src/core/option-values.ts';
import { PROXY_SETTINGS } from '../../src/suites/proxies.ts';

const text = z.string().nullish();
const texts = orDefault(z.union([z.string().transform((one) => [one]), z.array(z.string())]), []);
const map = z.record(z.string(), z.unknown()).nullish();

const profile = z.union([
  z.string(),
  z
    .strictObject({
      name: text,
      path: text,
      url: text,
      git: text,
      branch: text,
      tag: text,
      ref: text,
      relative_path: text,
      supermarket: text,
      compliance: text,
    })
    .refine((one) => Object.values(one).some((value) => value != null), 'must say where the profile is'),
]);

/** Settings of kitchen-inspec (README and `lib/kitchen/verifier/inspec.rb`), and `executable`, `allow_skips`, `timeout`. */
export const InspecSettings = z.strictObject({
  inspec_tests: z
    .array(profile)
    .nullish()
    .describe('profiles: paths, URLs, or mappings; default: the suite’s folder below `test_base_path`'),
  controls: texts.describe('run only these controls'),
  inputs: map.describe('inputs of the profiles'),
  attributes: map.describe('former name of `inputs`'),
  input_files: texts.describe('files with inputs'),
  attrs: texts.describe('former name of `input_files`'),
  waiver_files: texts.describe('files with waivers'),
  reporter: texts.describe('further reporters of InSpec, e.g. `junit2:results/%{platform}_%{suite}.xml`'),
  format: text.describe('former way to choose a reporter'),
  output: text.describe('file for `format`'),
  executable: text.describe('program to run; default: cinc-auditor, else inspec, on the PATH'),
  allow_skips: orDefault(z.union([z.boolean(), z.array(z.string())]), []).describe(
    'controls whose resources may be skipped by InSpec itself (a missing tool on the instance) without an error; `true` for all',
  ),
  timeout: z.number().positive().nullish().describe('seconds after which InSpec is stopped; default 3600'),
  chef_license: text.describe('value for CHEF_LICENSE when the environment has none'),
  chef_license_key: text.describe('value for CHEF_LICENSE_KEY'),
  chef_license_server: text.describe('value for CHEF_LICENSE_SERVER'),
  backend_cache: z.boolean().nullish().describe('InSpec’s cache of commands within a run; default true'),
  test_base_path: orDefault(z.string(), 'test/integration').describe(
    'folder of the suites’ folders; default: test/integration',
  ),
  sudo: z.boolean().nullish().describe('with an SSH target: use sudo'),
  sudo_command: text.describe('accepted; InSpec uses its own'),
  sudo_options: text.describe('with an SSH target: further options of sudo'),
  host: text.describe('with an SSH target: another host'),
  port: z.number().int().nullish().describe('with an SSH target: another port'),
  proxy_command: text.describe('with an SSH target: command that connects'),
  forward_agent: z.boolean().nullish().describe('accepted; the agent is not forwarded'),
  color: z.unknown().optional().describe('accepted; logs have no colours'),
  load_plugins: z.unknown().optional().describe('accepted'),
  plugin_config: z.unknown().optional().describe('accepted'),
  cache_inputs: z.unknown().optional().describe('accepted'),
  profiles_path: z.unknown().optional().describe('accepted'),
  command_prefix: z.unknown().optional().describe('accepted'),
  root_path: z.unknown().optional().describe('accepted'),
  chef_omnibus_root: z.unknown().optional().describe('accepted'),
  suite_name: z.unknown().optional().describe('accepted'),
  downloads: z.unknown().optional().describe('accepted'),
  ...PROXY_SETTINGS,
});

export type InspecSettings = z.infer<typeof InspecSettings>;
export type ProfileSource = NonNullable<InspecSettings['inspec_tests']>[number];
