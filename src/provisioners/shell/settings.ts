import { z } from 'zod';
import { unneeded } from '../../core/option-status.ts';
import { orDefault } from '../../core/option-values.ts';
import { variableName } from '../../core/variable-name.ts';
import { downloads, maxRetries, rootPath, testBasePath, uploads, waitForRetry } from '../shared-settings.ts';

const text = z.string().nullish();
const words = z
  .union([z.string(), z.array(z.coerce.string())])
  .nullish()
  .transform((given) =>
    given == null ? [] : typeof given === 'string' ? given.split(/\s+/).filter(Boolean) : given,
  );

/** Settings of the `shell` provisioner: Test Kitchen's, and `env` and `timeout`. */
export const ShellSettings = z.strictObject({
  script: text.describe(
    "script on this machine; default: bootstrap.sh in the suite's test folder, its parent or the kitchen's folder",
  ),
  command: text.describe('shell text to run instead of a script'),
  arguments: words.describe('arguments of the script'),
  data_path: text.describe('folder sent beside it'),
  root_path: rootPath,
  env: orDefault(z.record(variableName, z.coerce.string()), {}).describe('ours: variables of the script'),
  command_prefix: text.describe('put before the command'),
  test_base_path: testBasePath,
  http_proxy: text.describe('proxy of the script'),
  https_proxy: text.describe('proxy of the script'),
  ftp_proxy: text.describe('proxy of the script'),
  no_proxy: text.describe('hosts without a proxy'),
  timeout: z
    .number()
    .positive()
    .nullish()
    .describe('ours: seconds after which the script is stopped; default: none'),
  retry_on_exit_code: orDefault(z.array(z.int()), []).describe(
    'exit codes after which it is run again; default: none',
  ),
  max_retries: maxRetries,
  wait_for_retry: waitForRetry,
  uploads,
  downloads,
  // Given by other sections of existing configs, without meaning for a script.
  attributes: unneeded('scripts read no node attributes'),
  run_list: unneeded('scripts have no run list'),
  log_level: unneeded('use --verbose'),
  kitchen_root: unneeded('the folder of kitchen.yml'),
  debug: unneeded('use --debug'),
  sudo: unneeded('the transport runs commands as the user that can do everything'),
  sudo_command: unneeded('the transport runs commands as the user that can do everything'),
});
export type ShellSettings = z.output<typeof ShellSettings>;
