import tap from 'tap';
import { parseChefignore } from './chefignore.ts';
import { globToRegExp } from './ruby-glob.ts';

await tap.test('a pattern without pathname crosses folders like File.fnmatch', async (t) => {
  t.match('spec/unit/a_spec.rb', globToRegExp('spec/*'));
  t.notMatch('.rubocop.yml', globToRegExp('*.yml'), 'a leading dot must be named');
  t.match('a/.x.swp', globToRegExp('*.swp'), 'a dot inside is matched by *');
  t.match('Rakefile', globToRegExp('[Rr]akefile'));
  t.notMatch('xakefile', globToRegExp('[Rr]akefile'));
});

await tap.test('a pattern with pathname stops at folders unless ** says otherwise', async (t) => {
  t.match('recipes/default.rb', glob('recipes/**/*'));
  t.match('templates/default/x/y.erb', glob('templates/**/*'));
  t.notMatch('recipes/a/b.rb', glob('recipes/*'));
  t.match('metadata.json', glob('metadata.{json,rb}'));
  t.notMatch('metadata.yml', glob('metadata.{json,rb}'));
});

await tap.test('chefignore skips comments and blank lines', async (t) => {
  const ignored = parseChefignore('# editors\n\n*~\n  *.swp  \ntest/*\n');
  t.ok(ignored('recipes/default.rb~'));
  t.ok(ignored('test/integration/x.rb'));
  t.notOk(ignored('recipes/default.rb'));
});

function glob(pattern: string): RegExp {
  return globToRegExp(pattern, { pathname: true, extglob: true });
}
