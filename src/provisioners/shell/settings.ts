import { z } from 'zod';
import { unneeded } from '../../core/option-status.ts';
import { variableName } from '../../core/variable-name.ts';

const text = z.string().nullish();
const transfers = z
  .record(z.string(), z.string())
  .nullish()
  .transform((given) => given ?? {});
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
  root_path: z
    .string()
    .regex(/^\/[^\n]*[^/\n]$/, 'must be an absolute path without a trailing slash')
    .nullish()
    .transform((given) => given ?? '/opt/kitchen')
    .describe('folder on the instance; default: /opt/kitchen'),
  env: z
    .record(variableName, z.coerce.string())
    .nullish()
    .transform((given) => given ?? {})
    .describe('ours: variables of the script'),
  command_prefix: text.describe('put before the command'),
  test_base_path: z
    .string()
    .nullish()
    .transform((given) => given ?? 'test/integration')
    .describe("folder of the suites' folders; default: test/integration"),
  http_proxy: text.describe('proxy of the script'),
  https_proxy: text.describe('proxy of the script'),
  ftp_proxy: text.describe('proxy of the script'),
  no_proxy: text.describe('hosts without a proxy'),
  timeout: z
    .number()
    .positive()
    .nullish()
    .describe('ours: seconds after which the script is stopped; default: none'),
  retry_on_exit_code: z
    .array(z.int())
    .nullish()
    .transform((given) => given ?? [])
    .describe('exit codes after which it is run again; default: none'),
  max_retries: z
    .int()
    .min(0)
    .nullish()
    .transform((given) => given ?? 1)
    .describe('how often; default: 1'),
  wait_for_retry: z
    .number()
    .min(0)
    .nullish()
    .transform((given) => given ?? 30)
    .describe('seconds between two tries; default: 30'),
  uploads: transfers.describe('files to send before: LOCAL: REMOTE'),
  downloads: transfers.describe('files to fetch after: REMOTE: LOCAL'),
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
