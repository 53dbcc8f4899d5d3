import { z } from 'zod';
import { unneeded } from '../../src/core/option-status.ts';
import { PROXY_SETTINGS } from '../../src/suites/proxies.ts';
import { rootPath, TEST_FOLDER_SETTINGS, variables } from '../../src/suites/settings.ts';

const text = z.string().nullish();

/** Settings of Test Kitchen's `busser` verifier (`lib/kitchen/verifier/busser.rb`), and `env` and `timeout`. */
export const BusserSettings = z.strictObject({
  ...TEST_FOLDER_SETTINGS,
  root_path: rootPath('suites/'),
  ruby_bindir: text.describe('folder of the Ruby that runs specs; default: that of the Chef client'),
  env: variables.describe('variables for the tests'),
  timeout: z
    .number()
    .positive()
    .nullish()
    .describe('seconds after which the tests of a folder are stopped; default 3600'),
  version: unneeded('the gem busser is not needed'),
  busser_bin: unneeded('the gem busser is not needed'),
  sync: unneeded('the gem busser is not needed'),
  sudo: unneeded('the tests run as the user who can do everything'),
  sudo_command: unneeded('the tests run as the user who can do everything'),
  command_prefix: unneeded('the tests run as the user who can do everything'),
  chef_omnibus_root: unneeded('the place of the Chef client is known'),
  downloads: unneeded('results are read without it'),
  ...PROXY_SETTINGS,
});

export type BusserSettings = z.infer<typeof BusserSettings>;
