import { judgeExists, judgeKnown } from '../../src/checks/judge-exists.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import { normalPythonName } from '../../src/checks/probe/system/packages.ts';
import { withOrder } from '../../src/checks/versions/order.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { didYouMean } from '../../src/core/did-you-mean.ts';
import type { InstalledPackage, PackageFacts, PackageTable } from '../../src/core/system-facts.ts';
import { judgeFiles } from './files.ts';
import type { PackageSpec } from './schema.ts';

export interface PackageCheckFacts {
  readonly table: PackageTable;
  readonly repos: PackageFacts['repos'];
  readonly changed: PackageFacts['changed'];
  readonly via: string;
}

/** Pure. A package that is not installed has no other failures. */
export function judgePackage(spec: PackageSpec, facts: PackageCheckFacts): CheckResult[] {
  const { table, via } = facts;
  const { name } = spec.package;
  const found = table.installed.filter((one) => isNamed(one, name, table));
  const source = `${table.source}, via ${via}`;
  const existence = judgeExists({
    wanted: spec.installed,
    found: found.length > 0,
    observed: `installed (${versionsOf(found).join(', ') || 'version not known'})`,
    source,
    notes: nearest(name, table),
    words: ['installed', 'installed', 'not installed'],
  });
  if (found.length === 0 || existence.outcome !== 'pass') return [existence];
  const results = [existence];
  if (spec.version) results.push(judgeVersion(spec.version, found, table, source));
  if (spec.architecture) {
    const architectures = found.flatMap((one) => one.architecture ?? []);
    results.push(judgeValue('architecture', architectures, spec.architecture, { source }));
  }
  if (spec.held !== undefined) results.push(judgeHeld(spec.held, found, table, source));
  if (spec.repo) {
    results.push(
      judgeKnown('repo', facts.repos.get(name), spec.repo, {
        source: `${POLICY[table.manager ?? 'dpkg']}, via ${via}`,
      }),
    );
  }
  if (spec.files) results.push(judgeFiles(spec.files.verify, facts.changed.get(name), table, via));
  return results;
}

const POLICY = { dpkg: 'apt-cache policy', rpm: 'dnf repoquery', apk: 'apk policy' } as const;

/** dpkg's `name:arch` names one architecture; Python's names have several spellings. */
function isNamed(one: InstalledPackage, name: string, table: PackageTable): boolean {
  if (table.provider === 'pip') return one.name === normalPythonName(name);
  if (one.name === name) return true;
  const [bare, architecture] = name.split(':');
  return (
    table.manager === 'dpkg' &&
    architecture !== undefined &&
    one.name === bare &&
    one.architecture === architecture
  );
}

function versionsOf(found: readonly InstalledPackage[]): string[] {
  return [...new Set(found.map((one) => one.version).filter(Boolean))];
}

function judgeVersion(
  wanted: Matcher,
  found: readonly InstalledPackage[],
  table: PackageTable,
  source: string,
): CheckResult {
  const order = table.provider === 'system' ? (table.manager ?? 'dpkg') : table.provider;
  const versions = versionsOf(found);
  if (versions.length === 0)
    return cannotLook('version', describeMatcher(wanted), 'its version could not be read', source);
  const isLiteral = wanted.kind === 'some' && wanted.of.kind === 'equal';
  const part = isLiteral && versions.some((one) => one.includes(literalOf(wanted)));
  const notes = part ? [`a literal is the whole version: write {startsWith: '${literalOf(wanted)}'}`] : [];
  const compared = `${source}, compared as ${order === 'npm' ? 'semver' : order} does`;
  const isOrdered = JSON.stringify(wanted).includes('"kind":"version"');
  const result = judgeValue('version', versions, withOrder(wanted, order), {
    source: isOrdered ? compared : source,
    notes,
  });
  const [only] = versions;
  return versions.length === 1 && result.observed.startsWith('[')
    ? { ...result, observed: JSON.stringify(only) }
    : result;
}

function literalOf(wanted: Matcher): string {
  return wanted.kind === 'some' && wanted.of.kind === 'equal' ? String(wanted.of.value) : '';
}

function judgeHeld(
  wanted: boolean,
  found: readonly InstalledPackage[],
  table: PackageTable,
  source: string,
): CheckResult {
  const isHeld = found.some((one) => one.held === true);
  const notes =
    table.manager === 'dpkg' && wanted
      ? ['apt-mark hold, or a package resource with action :lock, holds it']
      : [];
  return judgeValue('held', isHeld, { kind: 'equal', value: wanted }, { source, notes });
}

function nearest(name: string, table: PackageTable): string[] {
  const leftover = table.leftovers.find((one) => one.name === name);
  if (leftover) return [`${table.source} knows it as ${leftover.state}`];
  const names = table.installed.map((one) => one.name);
  const near = didYouMean(name, names);
  const parts = names.filter((one) => one.startsWith(`${name}-`) || one.startsWith(`lib${name}`)).slice(0, 5);
  return [
    ...(near === undefined ? [] : [`${near} is installed`]),
    ...(parts.length > 0 && near === undefined ? [`installed: ${parts.join(', ')}`] : []),
  ];
}
