import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { chefIgnored, gitIgnored } from './ignored.ts';

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

await tap.test('the nearest chefignore of the cookbook decides, on paths within it', async (t) => {
  const dir = t.testdir({
    chefignore: 'spec/*\n*~\n',
    'metadata.rb': '',
    cookbooks: { other: { 'metadata.rb': '', chefignore: 'notes.txt\n' } },
  });
  const files = ['spec/a.rb', 'notes.txt', 'cookbooks/other/notes.txt', 'cookbooks/other/spec/a.rb'];
  t.same(
    [
      ...(await chefIgnored(
        dir,
        files.map((name) => join(dir, name)),
      )),
    ],
    [join(dir, 'spec/a.rb'), join(dir, 'cookbooks/other/notes.txt')],
  );
  t.equal((await chefIgnored(dir, ['/nowhere/x'])).size, 0);
});
