import tap from 'tap';
import { LINE_LIMIT, splitLines } from './output-lines.ts';

function linesOf(
  chunks: readonly (string | Uint8Array)[],
  secrets: readonly string[] = [],
): readonly string[] {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line), secrets);
  for (const chunk of chunks) splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  splitter.end();
  return lines;
}

await tap.test('lines are put together across chunks, characters too', async (t) => {
  const bytes = Buffer.from('grün\r\nlast');
  t.same(linesOf([bytes.subarray(0, 3), bytes.subarray(3)]), ['grün', 'last']);
  t.same(linesOf(['a\n', '\n', 'b\n']), ['a', '', 'b']);
  t.same(linesOf([]), []);
});

await tap.test('a very long line is cut with a note', async (t) => {
  const [line = ''] = linesOf(['x'.repeat(LINE_LIMIT + 100_000), '\n']);
  t.match(line, / … \[100000 more characters of this line left out\]$/);
  t.ok(line.length < LINE_LIMIT + 100);
});

await tap.test('secrets are masked even when they arrive in two chunks', async (t) => {
  t.same(linesOf(['key=hun', 'ter22 end\n'], ['hunter22']), ['key=[redacted] end']);
});

await tap.test('a line of gigabytes is neither kept nor breaks the process', async (t) => {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line), ['s3cr3t-key']);
  const chunk = Buffer.alloc(1024 * 1024, 'z');
  splitter.push(Buffer.from('a s3cr3t-key b'));
  for (let mebibytes = 0; mebibytes < 600; mebibytes += 1) splitter.push(chunk);
  splitter.push(Buffer.from('\nnext\n'));
  splitter.end();
  t.equal(lines.length, 2);
  t.match(lines[0], /^a \[redacted\] bz+ … \[\d{9} more characters of this line left out\]$/);
  t.ok((lines[0] ?? '').length < 5000);
  t.equal(lines[1], 'next');
});
