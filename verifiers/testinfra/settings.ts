import { z } from 'zod';
import { variableName } from '../../src/core/variable-name.ts';
import { PROXY_SETTINGS } from '../../src/suites/proxies.ts';

const text = z.string().nullish();
const texts = z
  .union([z.string().transform((one) => [one]), z.array(z.string())])
  .nullish()
  .transform((given) => given ?? []);

/** Settings of `verifier: testinfra`; Test Kitchen has no such verifier of its own. */
export const TestinfraSettings = z.strictObject({
  tests: texts.describe(
    'files and folders; default: `testinfra/` in the suite’s folder, else the folder itself',
  ),
  executable: text.describe('pytest to run; default: pytest on the PATH'),
  options: texts.describe('further options of pytest, a word each'),
  env: z
    .record(variableName, z.coerce.string())
    .nullish()
    .transform((given) => given ?? {})
    .describe('variables for the tests'),
  sudo: z
    .boolean()
    .nullish()
    .describe('run commands on the instance with sudo; default: over SSH when the user is not root'),
  timeout: z.number().positive().nullish().describe('seconds after which pytest is stopped; default 3600'),
  test_base_path: z
    .string()
    .nullish()
    .transform((given) => given ?? 'test/integration')
    .describe('folder of the suites’ folders; default: test/integration'),
  suite_name: text.describe('folder below `test_base_path`; default: the suite’s name'),
  ...PROXY_SETTINGS,
});

export type TestinfraSettings = z.infer<typeof TestinfraSettings>;
