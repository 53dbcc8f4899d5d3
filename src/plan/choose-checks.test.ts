import tap from 'tap';
import { declare } from '../../test/scripted-checks.ts';
import { chooseChecks } from './choose-checks.ts';
import type { ResolvedInstance } from './resolve.ts';
import { parseShard, partOf } from './shard.ts';

function instance(name: string, ...checks: ReturnType<typeof declare>[]): ResolvedInstance {
  return { instance: { name }, checks, steps: [] } as unknown as ResolvedInstance;
}

const web = instance(
  'web',
  declare('port', undefined, { id: 'port.80', tags: ['net'] }),
  declare('http', undefined, { id: 'http.home', tags: ['net', 'smoke'], depends: ['port.80'] }),
  declare('file', undefined, { id: 'file.conf' }),
);
const db = instance('db', declare('port', undefined, { id: 'port.5432', tags: ['db'] }));

function chosen(filter: Parameters<typeof chooseChecks>[1]): Record<string, string[]> {
  const left = chooseChecks([web, db], filter);
  return Object.fromEntries(left.map((one) => [one.instance.name, one.checks.map((check) => check.id)]));
}

await tap.test('checks are chosen by id, pattern and tag, with what they depend on', async (t) => {
  t.same(chosen({}), { web: ['port.80', 'http.home', 'file.conf'], db: ['port.5432'] });
  t.same(chosen({ check: ['http.home'] }), { web: ['port.80', 'http.home'] });
  t.same(chosen({ check: ['^port'] }), { web: ['port.80'], db: ['port.5432'] });
  t.same(chosen({ check: ['file.conf', 'port.5432'] }), { web: ['file.conf'], db: ['port.5432'] });
  t.same(chosen({ checkTag: ['db'] }), { db: ['port.5432'] });
  t.same(chosen({ checkTag: ['net'], check: ['port'] }), { web: ['port.80'] });
  t.same(chosen({ checkTag: ['db'], check: ['http'] }), {});
});

await tap.test('of what failed last time, only that; instances without such a record keep all', async (t) => {
  t.same(chosen({ failed: new Map([['web', ['file.conf']]]) }), { web: ['file.conf'], db: ['port.5432'] });
});

await tap.test('in a suite with steps each has its own checks', async (t) => {
  const steps = [
    { name: 'old', resolved: instance('up', declare('port', undefined, { id: 'port.80' })) },
    { name: 'new', resolved: instance('up', declare('port', undefined, { id: 'port.80' }), ...db.checks) },
  ];
  const up = { ...instance('up'), steps } as unknown as ResolvedInstance;
  const left = (filter: Parameters<typeof chooseChecks>[1]) =>
    chooseChecks([up], filter).flatMap((one) =>
      one.steps.map((step) => [step.name, ...step.resolved.checks.map((check) => check.id)].join(' ')),
    );
  t.same(left({ check: ['5432'] }), ['old', 'new port.5432']);
  t.same(left({ failed: new Map([['up', ['old/port.80']]]) }), ['old port.80', 'new']);
});

await tap.test(
  'tests of an existing suite are chosen by what is known of them from the last run',
  async (t) => {
    const bats = { ...web, instance: { name: 'bats' }, suite: { plugin: { name: 'busser' } } };
    const inspec = { ...instance('inspec'), suite: { plugin: { name: 'inspec' } } };
    const tests = new Map([
      ['bats', { 'bats.a': { title: 'A' }, 'bats.b': { title: 'B [x]' } }],
      ['inspec', { 'ctl-1': { title: 'one' } }],
    ]);
    const left = (filter: Parameters<typeof chooseChecks>[1]) =>
      chooseChecks([bats, inspec] as unknown as ResolvedInstance[], { tests, ...filter }).map(
        ({ instance, checks, suite }) => [
          instance.name,
          ...checks.map(({ id }) => id),
          ...(suite ? (suite.only?.map(({ title }) => title) ?? ['all tests']) : []),
        ],
      );
    t.same(left({ check: ['bats.b'] }), [['bats', 'B [x]']]);
    t.same(left({ check: ['^bats', 'ctl-1', 'port.80'] }), [
      ['bats', 'port.80', 'A', 'B [x]'],
      ['inspec', 'one'],
    ]);
    t.same(left({ check: ['port.80'] }), [['bats', 'port.80']], 'no test is meant');
    t.same(left({ checkTag: ['net'] }), [['bats', 'port.80', 'http.home']], 'tests have no tags');
    t.same(left({ failed: new Map([['bats', ['bats.a']]]) }), [
      ['bats', 'A'],
      ['inspec', 'all tests'],
    ]);
    t.same(
      left({ failed: new Map([['bats', ['bats.a', 'bats:run']]]) })[0],
      ['bats', 'all tests'],
      'when the run as a whole failed, all of it is run again',
    );
    t.throws(() => left({ check: ['nothing like it'], tests: new Map() }), {
      hint: 'the tests of busser are known after a galley verify without --check',
    } as object as Error);
  },
);

await tap.test('a value that no check has is a misspelling', async (t) => {
  t.throws(() => chosen({ check: ['prot.80'] }), {
    code: 'usage.no_such_check',
    hint: "did you mean 'port.80'?",
  } as object as Error);
  t.throws(() => chosen({ checkTag: ['smok'] }), { hint: "did you mean 'smoke'?" } as object as Error);
  t.throws(() => chosen({ check: ['('] }), { code: 'usage.bad_regexp' });
});

await tap.test('the parts of a whole are disjoint and complete', async (t) => {
  const all = Array.from({ length: 10 }, (_, n) => n);
  for (const count of [1, 2, 3, 7, 10, 12]) {
    const parts = Array.from({ length: count }, (_, n) => partOf(all, parseShard(`${n + 1}/${count}`)));
    t.same(
      parts.flat().toSorted((a, b) => a - b),
      all,
      `${count} parts`,
    );
    t.ok(Math.max(...parts.map((part) => part.length)) - Math.min(...parts.map((part) => part.length)) <= 1);
  }
  for (const text of ['0/3', '4/3', '1', '1/0', 'a/b', '-1/3', '1/3/5', '']) {
    t.throws(() => parseShard(text), { code: 'usage.bad_shard' }, text);
  }
});
