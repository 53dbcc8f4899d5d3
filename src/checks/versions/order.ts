import semver from 'semver';
import type { Matcher } from '../matcher.ts';
import { compareApk } from './apk.ts';
import { compareDpkg } from './dpkg.ts';
import { compareGem } from './gem.ts';
import { comparePip } from './pip.ts';
import { compareRpm } from './rpm.ts';
import type { VersionOrder } from './version-order.ts';

const ORDERS: Readonly<Record<VersionOrder, (a: string, b: string) => number>> = {
  dpkg: compareDpkg,
  rpm: compareRpm,
  apk: compareApk,
  gem: compareGem,
  pip: comparePip,
  npm: compareNpm,
};

/** Negative when `a` is older than `b`. Pure; never throws. */
export function compareVersions(order: VersionOrder, a: string, b: string): number {
  return ORDERS[order](a, b);
}

function compareNpm(a: string, b: string): number {
  const [left, right] = [semver.parse(a, { loose: true }), semver.coerce(b, { includePrerelease: true })];
  return left && right ? semver.compare(left, right) : compareGem(a, b);
}

/** The version as three numbers: `1:1.18.0-6+deb12u1` is 1.18.0. Undefined when there is no number in it. */
export function asSemver(version: string): string | undefined {
  if (semver.valid(version) && !/-\d/.test(version)) return version;
  const upstream = version.replace(/^\d+:/, '').replace(/[-+~].*$/, '');
  return semver.coerce(upstream)?.version;
}

export function inRange(version: string, range: string): boolean {
  const plain = asSemver(version);
  return plain !== undefined && semver.satisfies(plain, range, { includePrerelease: true });
}

export function isRange(text: string): boolean {
  return semver.validRange(text) !== null;
}

/** `>2 <1` */
export function isEmptyRange(text: string): boolean {
  return semver.minVersion(text) === null;
}

/** The matcher with the rules by which its versions compare. */
export function withOrder(matcher: Matcher, order: VersionOrder): Matcher {
  switch (matcher.kind) {
    case 'version':
      return { ...matcher, order };
    case 'not':
    case 'each':
    case 'none':
    case 'some':
      return { ...matcher, of: withOrder(matcher.of, order) };
    case 'all':
    case 'any':
      return { ...matcher, of: matcher.of.map((one) => withOrder(one, order)) };
    case 'superset':
    case 'subset':
    case 'exactly':
    case 'only':
      return { ...matcher, items: matcher.items.map((one) => withOrder(one, order)) };
    default:
      return matcher;
  }
}
