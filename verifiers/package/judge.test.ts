import tap from 'tap';
import type { PackageTable } from '../../src/core/system-facts.ts';
import { judgePackage, type PackageCheckFacts } from './judge.ts';
import { packageSpec } from './schema.ts';

const DPKG: PackageTable = {
  provider: 'system',
  folder: undefined,
  manager: 'dpkg',
  installed: [
    { name: 'libc6', version: '2.36', architecture: 'amd64', held: false },
    { name: 'libc6', version: '2.35', architecture: 'i386', held: true },
    { name: 'nginx-core', version: '1.22', architecture: 'amd64' },
  ],
  leftovers: [{ name: 'apache2', state: 'config-files' }],
  source: 'dpkg',
};
const judge = (raw: object, more: Partial<PackageCheckFacts> = {}) =>
  judgePackage(packageSpec.parse(raw), {
    table: DPKG,
    repos: new Map(),
    changed: new Map(),
    via: 'exec',
    ...more,
  });

await tap.test('several architectures, leftovers and packages with a similar name', (t) => {
  t.match(judge({ package: 'libc6', version: { each: { gte: '2.36' } } })[1], {
    outcome: 'fail',
    observed: /not so: "2\.35"/,
  });
  t.match(judge({ package: 'libc6:amd64', version: '2.36', held: false }), [
    {},
    { outcome: 'pass' },
    { outcome: 'pass' },
  ]);
  t.match(judge({ package: 'apache2' }), [{ outcome: 'fail', notes: ['dpkg knows it as config-files'] }]);
  t.match(judge({ package: 'apache2', installed: false }), [{ outcome: 'pass' }]);
  t.match(judge({ package: 'nginx' }), [{ outcome: 'fail', notes: ['installed: nginx-core'] }]);
  t.end();
});

await tap.test('the order is that of the provider', (t) => {
  const pip = {
    ...DPKG,
    provider: 'pip',
    manager: undefined,
    installed: [{ name: 'flask', version: '2.0rc1' }],
  } as const;
  const raw = { package: { name: 'Flask', provider: 'pip' }, version: { lt: '2.0' } };
  t.match(judge(raw, { table: pip as unknown as PackageTable })[1], {
    outcome: 'pass',
    source: /compared as pip does/,
  });
  const npm = { ...pip, provider: 'npm', installed: [{ name: 'a', version: '' }] };
  t.match(
    judge(
      { package: { name: 'a', provider: 'npm' }, version: '1' },
      { table: npm as unknown as PackageTable },
    )[1],
    {
      outcome: 'error',
      observed: /could not be read/,
    },
  );
  t.end();
});

await tap.test('an unknown repository and files that were not verified are errors', (t) => {
  t.match(judge({ package: 'libc6', repo: { absent: true } })[1], { outcome: 'error' });
  t.match(
    judge(
      { package: 'libc6', repo: 'x' },
      { repos: new Map([['libc6', { error: 'apt-cache is missing' }]]) },
    )[1],
    {
      outcome: 'error',
      observed: /apt-cache is missing/,
    },
  );
  for (const verify of [true, false, { absent: true }])
    t.match(judge({ package: 'libc6', files: { verify } })[1], { outcome: 'error', expected: /./ });
  t.match(judge({ package: 'libc6', repo: 'x' }, { repos: new Map([['libc6', { value: ['x'] }]]) })[1], {
    outcome: 'pass',
  });
  const changed = new Map([['libc6', { value: [{ path: '/a', isConfig: true, isMissing: true }] }]]);
  t.match(judge({ package: 'libc6', files: { verify: true } }, { changed })[1], { outcome: 'pass' });
  t.match(judge({ package: 'libc6', files: { verify: { absent: true } } }, { changed })[1], {
    outcome: 'fail',
    notes: ['/a is missing (configuration)'],
  });
  t.end();
});

await tap.test('contradictions, patterns and versions without quotes are refused', (t) => {
  const bad = [
    { package: 'nginx*' },
    { package: '-x' },
    { package: 'a', version: 1.1 },
    { package: 'a', version: { gte: 1.1 } },
    { package: 'a', installed: false, version: '1' },
    { package: { name: 'a', provider: 'rpm' } },
    { package: { name: 'a', in: '/srv' } },
    { package: { name: 'a', provider: 'gem' }, held: true },
    { package: { name: 'a', provider: 'gem' }, files: { verify: true } },
    { package: 'a', files: {} },
    { package: 'a', file: { verify: true } },
  ];
  for (const raw of bad) t.notOk(packageSpec.safeParse(raw).success, JSON.stringify(raw));
  t.end();
});
