import type { SysctlFact } from '../../../core/system-facts.ts';
import { sysctlPath } from './plan.ts';
import type { SystemRows } from './rows.ts';

/** All parameters that were read, under the name of their path (`net/core/somaxconn`). Pure. */
export function sysctlsOf(rows: SystemRows, paths: readonly string[]): readonly SysctlFact[] {
  return paths.map((path) => {
    const [file] = rows.files(path);
    const name = path.slice('/proc/sys/'.length);
    const folder = rows.folder(path.slice(0, path.lastIndexOf('/')));
    const siblings = folder?.names ?? [];
    const error = file === undefined ? 'was not read' : file.error;
    const value = file?.content?.trim().replace(/[ \t]+/g, ' ');
    return {
      name,
      exists: file?.exists ?? false,
      ...(value !== undefined && { value }),
      siblings,
      ...(error !== undefined && { error }),
    };
  });
}

/** The fact of a parameter as a user names it. */
export function sysctlNamed(facts: readonly SysctlFact[], name: string): SysctlFact | undefined {
  const path = sysctlPath(name).slice('/proc/sys/'.length);
  return facts.find((one) => one.name === path);
}
