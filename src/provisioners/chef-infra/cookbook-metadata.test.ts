import tap from 'tap';
import { parseMetadataJson, parseMetadataRb } from './cookbook-metadata.ts';

await tap.test('name, version and dependencies are read from metadata.rb with their lines', async (t) => {
  const metadata = parseMetadataRb(`name 'app'
version("1.2.3")
# depends 'commented'
depends 'nginx', '~> 2.0'
depends "apt"
%w(git build-essential).each do |dep|
  depends dep
end
`);
  t.same(metadata, {
    name: 'app',
    version: '1.2.3',
    depends: [
      { cookbook: 'nginx', line: 4 },
      { cookbook: 'apt', line: 5 },
      { cookbook: 'git', line: 6 },
      { cookbook: 'build-essential', line: 6 },
    ],
  });
});

await tap.test('a computed name is not guessed', async (t) => {
  t.equal(parseMetadataRb('name "#{x}"\n').name, undefined);
});

await tap.test('metadata.json gives the same facts without lines', async (t) => {
  const metadata = parseMetadataJson('{"name":"app","version":"1.0.0","dependencies":{"apt":">= 0.0.0"}}');
  t.same(metadata, { name: 'app', version: '1.0.0', depends: [{ cookbook: 'apt', line: undefined }] });
});
