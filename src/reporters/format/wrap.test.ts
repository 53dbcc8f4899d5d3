import tap from 'tap';
import { wrap } from './wrap.ts';

await tap.test('a line that fits is left alone', async (t) => {
  t.same(wrap('  observed  nothing listens', 40), ['  observed  nothing listens']);
});

await tap.test('the rest of a labelled text stands below its first part', async (t) => {
  t.same(wrap('  observed  one two three four five six', 28), [
    '  observed  one two three',
    '            four five six',
  ]);
});

await tap.test('colour codes do not count, and a long word stays whole', async (t) => {
  t.same(wrap('\u001b[31mred\u001b[39m word', 8), ['\u001b[31mred\u001b[39m word']);
  t.same(wrap('see /a/very/long/path/to/some/file', 12), ['see', '  /a/very/long/path/to/some/file']);
});
