import tap from 'tap';
import type { InstanceConfig } from '../core/kitchen.ts';
import { filterInstances, type InstanceFilter } from './filter.ts';

const instance = (suite: string, platform: string, tags: string[] = []) =>
  ({ instance: { name: `${suite}-${platform}`, suite, platform }, tags }) as unknown as InstanceConfig;
const KITCHEN = [
  instance('web', 'debian-12', ['quick', 'ci']),
  instance('web', 'ubuntu-24.04'),
  instance('web_ssl', 'debian-12', ['ci']),
  instance('db', 'debian-12'),
];
const names = (filter: InstanceFilter) => filterInstances(KITCHEN, filter).map((one) => one.instance.name);

await tap.test('values of one key add up, keys narrow', async (t) => {
  t.same(names({}).length, 4);
  t.same(names({ suite: ['db', 'web_ssl'] }), ['web_ssl-debian-12', 'db-debian-12']);
  t.same(names({ suite: ['web'], platform: ['debian'] }), ['web-debian-12']);
  t.same(names({ tag: ['ci'], suite: ['ssl$'] }), ['web_ssl-debian-12']);
  t.same(names({ suite: ['db'], tag: ['ci'] }), [], 'excluding each other is no mistake');
});

await tap.test('an exact suite wins over the expression it would also be; tags are only exact', async (t) => {
  t.same(names({ suite: ['web'] }), ['web-debian-12', 'web-ubuntu-24.04']);
  t.throws(() => names({ tag: ['qui'] }), { code: 'usage.no_such_tag' });
});

await tap.test('a value that nothing has is a misspelling', async (t) => {
  t.throws(() => names({ suite: ['wbe'] }), {
    code: 'usage.no_such_suite',
    kind: 'usage',
    expected: 'one of web, web_ssl, db',
    hint: /did you mean 'web'/,
  });
  t.throws(() => names({ platform: ['centos'] }), { code: 'usage.no_such_platform' });
});
