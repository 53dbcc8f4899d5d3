import { z } from 'zod';
import { unneeded } from '../../src/core/option-status.ts';
import { orDefault } from '../../src/core/option-values.ts';
import { variableName } from '../../src/core/variable-name.ts';
import { PROXY_SETTINGS } from '../../src/suites/proxies.ts';

const text = z.string().nullish();
const seconds = z.number().min(0).nullish();

/** Settings of Test Kitchen's `shell` verifier, and `env`, `timeout` and `results`. */
export const ShellSettings = z.strictObject({
  command: orDefault(
    z.union([z.string(), z.array(z.string()).transform((lines) => lines.join('\n'))]),
    'true',
  ).describe('shell text; its exit code is the verdict'),
  remote_exec: orDefault(z.boolean(), false).describe('run it on the instance instead of here'),
  sleep: seconds.describe('seconds to wait before it'),
  shellout_opts: z
    .looseObject({
      cwd: text,
      timeout: seconds,
      environment: z.record(variableName, z.coerce.string()).nullish(),
    })
    .nullish()
    .describe('`cwd`, `timeout` (seconds) and `environment` are honoured'),
  env: orDefault(z.record(variableName, z.coerce.string()), {}).describe('variables for the command'),
  timeout: seconds.describe('seconds after which the command is stopped; default 3600'),
  results: orDefault(z.enum(['auto', 'tap', 'none']), 'auto').describe(
    'how to read tests from its standard output; `auto` reads TAP when it looks like it',
  ),
  sudo: unneeded('on the instance the command runs as the user who can do everything'),
  sudo_command: unneeded('on the instance the command runs as the user who can do everything'),
  command_prefix: text.describe('put before the command'),
  root_path: text.describe('folder for a remote command; default /tmp/verifier'),
  live_stream: unneeded('output always goes to the log and to --events'),
  chef_omnibus_root: unneeded('the command finds its own tools'),
  suite_name: unneeded('the suite of the instance counts'),
  test_base_path: unneeded('the command knows its own files'),
  downloads: unneeded('the command fetches what it needs'),
  ...PROXY_SETTINGS,
});

export type ShellSettings = z.infer<typeof ShellSettings>;
