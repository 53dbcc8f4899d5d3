import { evidenceOf } from '../../src/checks/nearest-evidence.ts';
import type { Probe } from '../../src/core/verifier.ts';
import type { PackageCheckFacts } from './judge.ts';
import type { PackageSpec } from './schema.ts';

/** Of a package with a wrong version: which one apt would install, by the lists that the machine has. */
export async function candidate(
  { package: { name }, version }: PackageSpec,
  { table }: PackageCheckFacts,
  probe: Probe,
): Promise<readonly string[]> {
  if (version === undefined || table.manager !== 'dpkg' || table.provider !== 'system') return [];
  const installed = table.installed.filter((one) => one.name === name).map((one) => one.version);
  if (installed.length === 0) return [];
  const script = 'LC_ALL=C apt-cache policy -- "$1" | sed -n \'s/^ *Candidate: //p\'';
  const [, found] = await evidenceOf('policy', ['/bin/sh', '-c', script, 'sh', name], probe);
  const known = found?.trim();
  if (known === undefined) return [];
  return installed.includes(known)
    ? [
        'cause: apt knows no other version: the repository that has it is missing, or apt-get update did not run',
      ]
    : [`cause: apt would install ${known}: the recipe does not ask for it, or the package is held or pinned`];
}
