import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { contextOf, provisioningHost } from '../../../test/provisioning.ts';
import { createChefInfra } from './index.ts';
import { prepareChef } from './prepare.ts';
import { parseConstraint, satisfies } from './version-constraint.ts';

const { config } = createChefInfra(provisioningHost());

await tap.test('version constraints as Chef has them', async (t) => {
  const holds = (constraint: string, version: string): boolean => {
    const parsed = parseConstraint(constraint);
    if (!parsed) throw new Error(`${constraint} is no constraint`);
    return satisfies(version, parsed);
  };
  for (const [constraint, yes, no] of [
    ['1.2.3', ['1.2.3'], ['1.2.4', '1.2']],
    ['= 1.2', ['1.2', '1.2.0'], ['1.2.1']],
    ['~> 1', ['1.0.0', '1.9.9'], ['2.0.0', '0.9.0']],
    ['~> 1.2', ['1.2.0', '1.10.0'], ['2.0.0', '1.1.9']],
    ['~> 1.2.3', ['1.2.3', '1.2.10'], ['1.3.0', '1.2.2']],
    ['>= 1.10', ['1.10.0', '2.0.0'], ['1.9.9']],
    ['<2', ['1.99.0'], ['2.0.0']],
    ['> 1.0.0', ['1.0.1'], ['1.0.0']],
    ['<= 1.0', ['1.0.0', '0.1.0'], ['1.0.1']],
  ] as const) {
    for (const version of yes) t.ok(holds(constraint, version), `${version} is ${constraint}`);
    for (const version of no) t.notOk(holds(constraint, version), `${version} is not ${constraint}`);
  }
  for (const path of ['../app', './1.0', 'v1', '1.0/app', '', '1.2.3.4'])
    t.equal(parseConstraint(path), undefined, `${path} is a path`);
});

await tap.test('a cookbook from another folder, or another version of several', async (t) => {
  const root = t.testdir();
  const cookbook = async (dir: string, name: string, version: string): Promise<void> => {
    await mkdir(join(root, dir, 'recipes'), { recursive: true });
    await writeFile(join(root, dir, 'metadata.rb'), `name '${name}'\nversion '${version}'\n`);
    await writeFile(join(root, dir, 'recipes/default.rb'), '');
  };
  await cookbook('cookbooks/app-1.9', 'app', '1.9.0');
  await cookbook('cookbooks/app-1.10', 'app', '1.10.0');
  await cookbook('cookbooks/app-2', 'app', '2.0.0');
  await cookbook('cookbooks/base', 'base', '1.0.0');
  await cookbook('old/base', 'base', '0.5.0');
  const prepare = async (overrides: Record<string, string>) => {
    const ctx = contextOf(root, config.parse({ run_list: ['app', 'base'], cookbook_overrides: overrides }));
    const { cookbooks } = await prepareChef(ctx, provisioningHost());
    const told = ctx.events.filter((event) => event.type === 'notice').length;
    return { told, used: cookbooks.cookbooks.map((one) => `${one.name} ${one.metadata.version}`) };
  };
  t.same(await prepare({}), { told: 2, used: ['app 1.10.0', 'base 1.0.0'] });
  t.same(await prepare({ app: '~> 1.0' }), { told: 0, used: ['app 1.10.0', 'base 1.0.0'] });
  t.same(await prepare({ app: '>= 1.10', base: 'old' }), { told: 0, used: ['app 2.0.0', 'base 0.5.0'] });
  t.same((await prepare({ app: '1.9', base: './old/base' })).used, ['app 1.9.0', 'base 0.5.0']);
  await t.rejects(prepare({ app: '~> 3.0' }), {
    code: 'chef.no_such_version',
    expected: 'one of 1.10.0, 1.9.0, 2.0.0',
    settingsPath: ['cookbook_overrides', 'app'],
  });
  await t.rejects(prepare({ aap: '1.9' }), { code: 'chef.no_such_version', hint: 'did you mean app?' });
  await t.rejects(prepare({ app: '../none' }), { code: 'provisioner.path_missing' });
  await t.rejects(prepare({ app: 'old/base' }), {
    code: 'chef.other_cookbook',
    message: /is the cookbook base/,
  });
});
