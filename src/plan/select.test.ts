import tap from 'tap';
import type { InstanceConfig } from '../core/kitchen.ts';
import { selectInstances } from './select.ts';

const instances = ['default-debian-11', 'default-debian-12', 'web-debian-12'].map(
  (name) => ({ instance: { name, suite: '', platform: '' } }) as unknown as InstanceConfig,
);
const names = (selectors: string[]) => selectInstances(instances, selectors).map((i) => i.instance.name);

await tap.test('nothing and all select everything', async (t) => {
  t.equal(names([]).length, 3);
  t.equal(names(['all']).length, 3);
});

await tap.test(
  'the peer ignores every selector but the first; here all count, in config order',
  async (t) => {
    t.same(names(['web', 'default-debian-11']), ['default-debian-11', 'web-debian-12']);
  },
);

await tap.test('an exact name wins over the regular expression it would also be', async (t) => {
  t.same(names(['default-debian-12']), ['default-debian-12']);
  t.same(names(['debian-12$']), ['default-debian-12', 'web-debian-12']);
});

await tap.test('a selector that matches nothing or is no regular expression is a usage error', async (t) => {
  t.throws(() => names(['nope']), { code: 'usage.no_such_instance', kind: 'usage' });
  t.throws(() => names(['defualt-debian-12']), {
    code: 'usage.no_such_instance',
    hint: "did you mean 'default-debian-12'?",
  });
  t.throws(() => names(['web', 'nope', 'wbe-debian-12']), {
    message: "no instance matches 'nope' or 'wbe-debian-12'",
    hint: "did you mean 'web-debian-12'?",
  });
  t.throws(() => names(['de(']), { code: 'usage.bad_regexp', kind: 'usage' });
});

await tap.test(
  'an empty selector means all in the peer; here it is an error, as of an unset variable',
  async (t) => {
    t.throws(() => names(['']), { code: 'usage.empty_selector', kind: 'usage' });
  },
);
