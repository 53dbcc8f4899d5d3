import tap from 'tap';
import type { InstanceConfig } from '../core/kitchen.ts';
import { cookbookFilesOf, foldersIn } from './cookbook-files.ts';

const config = (settings: Record<string, unknown>, ...steps: Record<string, unknown>[]): InstanceConfig =>
  ({
    provisioner: { settings },
    steps: steps.map((one, at) => ({ name: `${at}`, config: { provisioner: { settings: one } } })),
  }) as unknown as InstanceConfig;

await tap.test('named files count, of each step its own; without one the usual files', async (t) => {
  const usual = ['/k/Policyfile.rb', '/k/Berksfile'];
  t.same(cookbookFilesOf(config({}), '/k'), usual);
  t.same(cookbookFilesOf(config({ cookbook_paths: ['vendor'] }), '/k'), []);
  t.same(cookbookFilesOf(config({ berksfile_path: 'b/1.rb', policyfile_path: null }), '/k'), ['/k/b/1.rb']);
  const steps = config(
    { policyfile_path: 'p/1.rb' },
    { policyfile_path: 'p/1.rb' },
    { policyfile: '/x/2.rb' },
  );
  t.same(cookbookFilesOf(steps, '/k'), ['/k/p/1.rb', '/x/2.rb']);
});

await tap.test('paths are relative to the file that names them', async (t) => {
  const berks =
    "source 'x'\nmetadata path: '..'\ncookbook 'a', '~> 1', path: \"../a\"\ncookbook 'b', git: 'c'\n";
  t.same(foldersIn(berks, '/k/berks/1.rb'), ['/k', '/k/a']);
  const policy =
    "default_source :chef_repo, '../repo'\ncookbook 'a', :path => '../a'\ninclude_policy 'b', path: '../a'";
  t.same(foldersIn(policy, '/k/Policyfile.rb'), ['/repo', '/a']);
  t.same(foldersIn('', '/k/Berksfile'), []);
});
