import { z } from 'zod';
import { unneeded } from '../../src/core/option-status.ts';
import { orDefault } from '../../src/core/option-values.ts';
import { PROXY_SETTINGS } from '../../src/suites/proxies.ts';
import { rootPath, TEST_FOLDER_SETTINGS, variables } from '../../src/suites/settings.ts';

const text = z.string().nullish();
const placeholders = '`$VERSION`, `${DISTRO}` and `${ARCH}` are filled in';

/** Settings of kitchen-goss (`lib/kitchen/verifier/goss.rb`), and `goss_binary`, `vars` and `timeout`. */
export const GossSettings = z.strictObject({
  goss_binary: text.describe('a goss on this machine that is sent to the instance'),
  goss_version: orDefault(z.string(), 'v0.4.9').describe('version to download; default: v0.4.9'),
  goss_link: orDefault(
    z.string(),
    'https://github.com/goss-org/goss/releases/download/$VERSION/goss-${DISTRO}-${ARCH}',
  ).describe(`where to download goss when there is none; ${placeholders}`),
  goss_download_path: orDefault(z.string(), '/tmp/goss-${VERSION}-${DISTRO}-${ARCH}').describe(
    `a goss on the instance, used when it is there; ${placeholders}`,
  ),
  custom_install_command: text.describe('shell text that puts goss on the instance, run before each verify'),
  goss_var_path: text.describe('name of the file with variables in the suite’s `goss/` folder'),
  vars: z.record(z.string(), z.unknown()).nullish().describe('variables for the templates in goss files'),
  env_vars: variables.describe('environment of goss'),
  sleep: z.number().min(0).nullish().describe('seconds to wait before it'),
  timeout: z
    .number()
    .positive()
    .nullish()
    .describe('seconds after which goss is stopped, for each file; default 600'),
  ...TEST_FOLDER_SETTINGS,
  root_path: rootPath('suites/goss'),
  validate_output: unneeded('results are read as JSON, and every report has them'),
  use_sudo: unneeded('goss runs as the user who can do everything'),
  sudo: unneeded('goss runs as the user who can do everything'),
  sudo_command: unneeded('goss runs as the user who can do everything'),
  command_prefix: unneeded('goss runs as the user who can do everything'),
  chef_omnibus_root: unneeded('goss needs no Chef client'),
  downloads: unneeded('results are read without it'),
  ...PROXY_SETTINGS,
});

export type GossSettings = z.infer<typeof GossSettings>;
