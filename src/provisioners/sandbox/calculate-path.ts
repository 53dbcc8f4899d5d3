import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Test Kitchen's `calculate_path`: the first that exists of `<base>/<suite>/X`, `<base>/X`, `./X`. */
export function calculatePath(
  root: string,
  testBasePath: string,
  suite: string,
  name: string,
): string | undefined {
  const base = resolve(root, testBasePath);
  return [resolve(base, suite, name), resolve(base, name), resolve(root, name)].find((path) =>
    existsSync(path),
  );
}
