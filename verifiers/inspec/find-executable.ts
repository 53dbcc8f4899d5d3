import { isAbsolute, resolve } from 'node:path';
import { GalleyError } from '../../src/core/errors.ts';
import { findProgram, isExecutable } from '../../src/suites/find-program.ts';

/** The free rebuild comes first: it asks for no licence. */
const NAMES = ['cinc-auditor', 'inspec'];

/** Absolute path of the program; throws `inspec.not_installed` (infrastructure) with what to install. */
export function findInspec(root: string, given: string | null | undefined, path: string): string {
  if (given != null && (isAbsolute(given) || given.includes('/'))) {
    const file = resolve(root, given);
    if (isExecutable(file)) return file;
    throw missing([file]);
  }
  const names = given == null ? NAMES : [given];
  const found = findProgram(names, path);
  if (found !== undefined) return found;
  throw missing(names);
}

function missing(names: readonly string[]): GalleyError {
  return new GalleyError({
    code: 'inspec.not_installed',
    kind: 'infrastructure',
    message: `verifier: inspec needs ${names.join(' or ')}, which is not on the PATH`,
    hint: 'install Cinc Auditor, or gem install inspec-bin:5.24.24 (the last line that needs no licence key), or set verifier: executable:',
  });
}
