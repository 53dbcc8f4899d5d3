import tap from 'tap';
import { z } from 'zod';
import { holds } from '../holds.ts';
import { matcher, version } from '../matcher-schema.ts';
import { match } from '../matchers.ts';
import { asSemver, compareVersions, inRange, withOrder } from './order.ts';
import type { VersionOrder } from './version-order.ts';

/** Each list from oldest to newest; neighbours joined by `=` are equal. */
const ORDERED: readonly (readonly [VersionOrder, string])[] = [
  ['dpkg', '1.0~~ 1.0~~a 1.0~rc1 1.0=1.0-0 1.0-1 1.0-1+b1 1.0-2 1.0a 1.0+dfsg 1.0.1 1.2 1.10 2 1:0.1 10:0'],
  ['dpkg', '1.18.0-6+deb11u3 1.22.1-9 1.22.1-9+deb12u1 1.22.1-9+deb12u10'],
  ['dpkg', '0.0.99999999999999999998 0.0.99999999999999999999'],
  ['rpm', '1.a 1.0~rc1 1.0 1.0^git1 1.0.1 1.1 1.2 1.10 1:0.5'],
  ['rpm', '1.0-1.el8 1.0-1.el9 1.0-10.el8'],
  ['rpm', '1.0-5=1.0'],
  ['rpm', '5.5p1 5.5p2 5.5p10'],
  ['apk', '1.0_alpha1 1.0_beta 1.0_rc1 1.0 1.0-r1 1.0-r10 1.0_git20 1.0_p1 1.0a 1.0.1 1.2 1.10'],
  ['gem', '1.0.a 1.0.b2 1.0.b10 1.0=1.0.0 1.0.1 1.2 1.10 2.0.0.rc1 2.0.0'],
  ['pip', '1.0.dev1 1.0a1 1.0b2 1.0rc1 1.0=1.0.0 1.0+local 1.0.post1 1.1.dev1 1.1 1.10 1!0.1'],
  ['pip', '2.0a1.dev1 2.0a1 2.0a1.post1'],
  ['npm', '1.0.0-alpha.1 1.0.0-alpha.2 1.0.0 1.2.0 1.10.0'],
];

await tap.test('versions come in the order of their package manager', (t) => {
  for (const [order, text] of ORDERED) {
    const groups = text.split(' ').map((group) => group.split('='));
    for (const group of groups)
      for (const one of group)
        t.equal(compareVersions(order, one, group[0] ?? ''), 0, `${order} ${group.join(' = ')}`);
    groups.forEach((group, index) => {
      for (const later of groups.slice(index + 1)) {
        const [a, b] = [group[0] ?? '', later[0] ?? ''];
        t.ok(compareVersions(order, a, b) < 0, `${order}: ${a} < ${b}`);
        t.ok(compareVersions(order, b, a) > 0, `${order}: ${b} > ${a}`);
      }
    });
  }
  t.end();
});

await tap.test('a distribution’s version is three numbers for a semver range', (t) => {
  t.equal(asSemver('1:1.18.0-6+deb12u1'), '1.18.0');
  t.equal(asSemver('20250419~deb12u2'), '20250419.0.0');
  t.equal(asSemver('2.0.0-rc.1'), '2.0.0-rc.1');
  t.equal(asSemver('5.36.0-7'), '5.36.0');
  t.equal(asSemver('unknown'), undefined);
  t.ok(inRange('1:1.18.0-6', '^1.18'));
  t.notOk(inRange('1:1.18.0-6', '>=1.19'));
  t.notOk(inRange('unknown', '*'));
  t.end();
});

await tap.test('version matchers', (t) => {
  const list = matcher(z.array(version));
  const is = (raw: unknown, actual: unknown, order: VersionOrder = 'dpkg'): boolean =>
    holds(actual, withOrder(list.parse(raw), order));
  t.ok(is({ gte: '1.9' }, ['1.10-1']), 'not compared as numbers');
  t.notOk(is({ gte: 2 }, ['1.10-1']));
  t.ok(is({ between: ['1.9', '1.11'] }, ['1.10-1']));
  t.ok(is({ gt: '1.0', not: { gte: '2' } }, ['1.5']));
  t.ok(is({ lt: '1.0' }, ['1.0~rc1']));
  t.ok(is({ lt: '1.0' }, ['1.0rc1'], 'pip'));
  t.notOk(is({ lt: '1.0' }, ['1.0rc1'], 'dpkg'));
  t.ok(is('1.10-1', ['1.10-1']));
  t.ok(is({ startsWith: '1.10' }, ['1.10-1']));
  t.ok(is({ each: { gte: '1' } }, ['1.1', '2']));
  t.match(match(['1:1.18.0-6'], list.parse({ semver: '^2' })), {
    ok: false,
    expected: 'semver ^2',
    transforms: ['to 1.18.0 (the whole version is "1:1.18.0-6")'],
  });
  for (const bad of [1.1, { gte: 1.1 }, { gte: 'new' }, { semver: 'newer' }, { between: ['1'] }, { gte: '' }])
    t.notOk(list.safeParse(bad).success, JSON.stringify(bad));
  t.match(list.safeParse({ gte: 1.1 }).error?.issues[0]?.message, /YAML reads 1.10/);
  t.match(list.safeParse({ gtr: '1' }).error?.issues[0]?.message, /unknown matcher 'gtr'/);
  t.end();
});
