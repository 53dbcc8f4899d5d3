import { z } from 'zod';

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
  /** Script on this machine; default: bootstrap.sh in the suite's test folder, its parent or the kitchen's folder. */
  script: text,
  /** Shell text to run instead of a script. */
  command: text,
  arguments: words,
  data_path: text,
  root_path: z
    .string()
    .regex(/^\/[^\n]*[^/\n]$/, 'must be an absolute path without a trailing slash')
    .nullish()
    .transform((given) => given ?? '/opt/kitchen'),
  env: z
    .record(z.string(), z.coerce.string())
    .nullish()
    .transform((given) => given ?? {}),
  command_prefix: text,
  test_base_path: z
    .string()
    .nullish()
    .transform((given) => given ?? 'test/integration'),
  http_proxy: text,
  https_proxy: text,
  ftp_proxy: text,
  no_proxy: text,
  /** Seconds after which the script is stopped; none by default. */
  timeout: z.number().positive().nullish(),
  retry_on_exit_code: z
    .array(z.int())
    .nullish()
    .transform((given) => given ?? []),
  max_retries: z
    .int()
    .min(0)
    .nullish()
    .transform((given) => given ?? 1),
  wait_for_retry: z
    .number()
    .min(0)
    .nullish()
    .transform((given) => given ?? 30),
  uploads: transfers,
  downloads: transfers,
  // Given by other sections of existing configs, without meaning for a script.
  attributes: z.unknown().optional(),
  run_list: z.unknown().optional(),
  log_level: z.unknown().optional(),
  kitchen_root: z.unknown().optional(),
  debug: z.unknown().optional(),
  sudo: z.unknown().optional(),
  sudo_command: z.unknown().optional(),
});
export type ShellSettings = z.output<typeof ShellSettings>;
