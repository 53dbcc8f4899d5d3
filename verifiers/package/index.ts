import type { PackageNeed } from '../../src/core/system-facts.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { candidate } from './candidate.ts';
import { judgePackage, type PackageCheckFacts } from './judge.ts';
import { type PackageSpec, packageSpec } from './schema.ts';

export const packageVerifier: Verifier<PackageSpec, PackageCheckFacts> = {
  name: 'package',
  description:
    'an installed package of dpkg, rpm, apk, gem, pip or npm: version, held, repository, changed files',
  spec: packageSpec,
  repeatable: false,
  title: (spec) => {
    const { name, provider, folder } = needOf(spec);
    const where = `${provider === 'system' ? '' : ` (${provider})`}${folder === undefined ? '' : ` in ${folder}`}`;
    return `package ${name}${where}${spec.installed === false ? ' not installed' : ''}`;
  },
  needs: (spec) => ({ packages: [needOf(spec)] }),
  async observe(spec, { snapshot }) {
    const { packages, via } = snapshot;
    const { provider, folder } = needOf(spec);
    const table = packages?.tables.find((one) => one.provider === provider && one.folder === folder);
    if (!packages || !table) throw new Error('the packages were not read');
    if (table.error !== undefined) throw new Error(table.error);
    return { table, repos: packages.repos, changed: packages.changed, via };
  },
  judge: judgePackage,
  explain: candidate,
};

function needOf(spec: PackageSpec): PackageNeed {
  const { name, provider = 'system', in: folder } = { provider: undefined, in: undefined, ...spec.package };
  return {
    name,
    provider,
    folder,
    repo: spec.repo !== undefined,
    verify: spec.files !== undefined,
  };
}
