import tap, { type Test } from 'tap';
import { findingsOf, loadFrom, names, placeOf } from '../../test/corpus/kitchen-folder.ts';

const matrix = 'platforms: [{name: p}]\nsuites: [{name: s}]\n';

/** Each of these files must end in one message. How long and how much memory: test/integration/hostile.test.ts. */
async function endsIn(t: Test, content: string | Uint8Array, code: string) {
  const [error] = await findingsOf(t, { 'kitchen.yml': content });
  t.equal(error?.code, code);
  t.match(error?.location?.file, 'kitchen.yml');
  return error;
}

await tap.test('a bomb of nested aliases', async (t) => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 12; i += 1) {
    lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
  }
  await endsIn(t, `${lines.join('\n')}\n${matrix}`, 'config.too_large');
});

await tap.test('a file that is too large is not read', async (t) => {
  await endsIn(t, `${matrix}${'# filler\n'.repeat(40_000)}`, 'config.too_large');
});

await tap.test('an alias inside its own anchor', async (t) => {
  const error = await endsIn(t, `driver: &d\n  name: x\n  again: *d\n${matrix}`, 'config.cyclic_alias');
  t.equal(placeOf(error), 'kitchen.yml:3:10');
});

await tap.test('an alias without an anchor, also one that comes later', async (t) => {
  const error = await endsIn(t, `driver: *later\nx-later: &later {name: x}\n${matrix}`, 'config.yaml_syntax');
  t.equal(placeOf(error), 'kitchen.yml:1:9');
});

await tap.test('bytes that are no UTF-8, with their place', async (t) => {
  const bytes = Buffer.concat([
    Buffer.from(`${matrix}driver: {name: ab`),
    Buffer.from([0xe9]),
    Buffer.from('}\n'),
  ]);
  const error = await endsIn(t, bytes, 'config.not_utf8');
  t.equal(placeOf(error), 'kitchen.yml:3:18');
  await endsIn(t, Buffer.from([0xff, 0xfe, 0x61, 0x00]), 'config.not_utf8');
});

await tap.test('Windows line ends and a byte order mark are read as usual', async (t) => {
  const text = `\u{FEFF}driver:\n  name: docker\n  script: |\n    one\n    two\n${matrix}`;
  const kitchen = await loadFrom(t, text.replaceAll('\n', '\r\n'));
  t.same(kitchen.instances[0]?.driver, { name: 'docker', settings: { script: 'one\ntwo\n' } });
  t.match(kitchen.instances[0]?.locate(['driver', 'name']), { line: 2, column: 9 });
});

await tap.test('a syntax error shows its place and its line', async (t) => {
  const error = await endsIn(t, `driver:\n  name: docker\n platforms: [}\n${matrix}`, 'config.yaml_syntax');
  t.match(error?.location, { line: 3 });
  t.match(error?.details[0], / platforms: \[}/);
  t.match(error?.details[1], /^ *\^$/);
});

await tap.test('a file that is no mapping, a folder, a Ruby object, a list as key', async (t) => {
  await endsIn(t, '- a\n- b\n', 'config.not_a_mapping');
  await endsIn(t, 'just text', 'config.not_a_mapping');
  await endsIn(t, 'driver: !ruby/object:Gem::Installer {}\n', 'config.yaml_syntax');
  await endsIn(t, 'driver: {[a]: b}\n', 'config.yaml_syntax');
  t.match(await findingsOf(t, { 'kitchen.yml/x': '' }), [{ code: 'config.unreadable' }]);
});

await tap.test('only the first of several documents counts; an empty file has no instances', async (t) => {
  t.strictSame(names(await loadFrom(t, `${matrix}---\nnot: read\n`)), ['s-p']);
  t.strictSame(names(await loadFrom(t, '')), []);
  t.strictSame(names(await loadFrom(t, '---\n')), []);
});

await tap.test('messages never show what looks like a secret', async (t) => {
  const [error] = await findingsOf(t, `driver: {name: x, password: s3cret, region: [}\n${matrix}`);
  t.match(error?.details[0], 'driver: {name: x, password: ******, region: [}');
  t.notMatch(JSON.stringify(error), 's3cret');
});
