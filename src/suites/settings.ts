import { z } from 'zod';
import { orDefault } from '../core/option-values.ts';
import { variableName } from '../core/variable-name.ts';

/** A setting that is an environment; an empty one by default. */
export const variables = orDefault(z.record(variableName, z.coerce.string()), {});

/** Where the tests of a suite lie: the keys of Test Kitchen's verifiers. */
export const TEST_FOLDER_SETTINGS = {
  test_base_path: orDefault(z.string(), 'test/integration').describe(
    'folder of the suites’ folders; default: test/integration',
  ),
  suite_name: z.string().nullish().describe('folder below `test_base_path`; default: the suite’s name'),
} as const;

/** Folder on the instance for the tests while they run; `below` says where in it. */
export function rootPath(below: string) {
  return orDefault(z.string().startsWith('/', 'must be an absolute path'), '/tmp/verifier').describe(
    `folder on the instance; its \`${below}\` holds the tests while they run; default: /tmp/verifier`,
  );
}
