import { z } from 'zod';
import { orDefault } from '../../src/core/option-values.ts';
import { PROXY_SETTINGS } from '../../src/suites/proxies.ts';
import { TEST_FOLDER_SETTINGS, variables } from '../../src/suites/settings.ts';

const text = z.string().nullish();
const texts = orDefault(z.union([z.string().transform((one) => [one]), z.array(z.string())]), []);

/** Settings of `verifier: testinfra`; Test Kitchen has no such verifier of its own. */
export const TestinfraSettings = z.strictObject({
  tests: texts.describe(
    'files and folders; default: `testinfra/` in the suite’s folder, else the folder itself',
  ),
  executable: text.describe('pytest to run; default: pytest on the PATH'),
  options: texts.describe('further options of pytest, a word each'),
  env: variables.describe('variables for the tests'),
  sudo: z
    .boolean()
    .nullish()
    .describe('run commands on the instance with sudo; default: over SSH when the user is not root'),
  timeout: z.number().positive().nullish().describe('seconds after which pytest is stopped; default 3600'),
  ...TEST_FOLDER_SETTINGS,
  ...PROXY_SETTINGS,
});

export type TestinfraSettings = z.infer<typeof TestinfraSettings>;
