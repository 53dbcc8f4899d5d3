import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import tap from 'tap';
import { cookbooksAround, gitIgnored } from './ignored.ts';

await tap.test('git says what it ignores; without a repository it is nothing', async (t) => {
  const dir = t.testdir({ '.gitignore': '*.xml\n/out/\n' });
  const files = ['a.xml', 'out/b', 'recipes/default.rb', 'ü.xml'].map((name) => join(dir, name));
  execFileSync('git', ['init', '-q'], { cwd: dir });
  t.same([...(await gitIgnored(dir, files))], [files[0], files[1], files[3]]);
  const out = join(dir, 'out');
  mkdirSync(out);
  t.equal((await gitIgnored(out, [join(out, 'a.rb')])).size, 0, 'a kitchen in an ignored folder');
  t.equal((await gitIgnored('/', ['/a.xml'])).size, 0);
  t.equal((await gitIgnored(dir, ['/elsewhere/a.xml'])).size, 0);
});

await tap.test('a file is sent with a cookbook by its glob and the nearest chefignore', async (t) => {
  const dir = t.testdir({
    chefignore: 'files/old/*\n*~\n',
    'metadata.rb': '',
    cookbooks: { other: { 'metadata.rb': '', chefignore: 'recipes/notes.rb\n' }, bare: {} },
  });
  const around = async (name: string, glob?: readonly string[]) => {
    const found = await cookbooksAround(dir, [join(dir, name)], [glob]);
    return (found.get(join(dir, name)) ?? []).map((one) => `${relative(dir, one.dir)}:${String(one.isSent)}`);
  };
  t.same(await around('recipes/default.rb'), [':true']);
  t.same(await around('files/old/x'), [':false'], 'chefignore');
  t.same(await around('spec/a_spec.rb'), [':false'], 'the glob');
  t.same(await around('README.md'), [':false']);
  t.same(await around('report.xml', ['*.xml']), [':true'], 'a glob of the user');
  t.same(await around('cookbooks/other/recipes/notes.rb'), ['cookbooks/other:false', ':false']);
  t.same(await around('cookbooks/other/recipes/default.rb'), ['cookbooks/other:true', ':false']);
  t.same(await around('cookbooks/bare/templates/x.erb'), ['cookbooks/bare:true', ':false'], 'no metadata');
  t.equal((await cookbooksAround(dir, ['/nowhere/x'], [undefined])).size, 0);
});
