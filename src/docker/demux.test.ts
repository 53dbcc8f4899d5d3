import tap from 'tap';
import { CappedBuffer } from '../core/capped-buffer.ts';
import { demultiplexedLines, demultiplexer } from './demux.ts';

function frame(stream: 1 | 2, content: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(content), 4);
  return Buffer.concat([header, Buffer.from(content)]);
}

const MANY = Array.from({ length: 20_000 }, (_, at) => frame(at % 3 === 0 ? 2 : 1, `${at} ü\n`));

await tap.test('frames come out whole and in order, however the chunks are cut', async (t) => {
  const all = Buffer.concat(MANY);
  for (const size of [1, 7, 1000, all.length]) {
    const seen = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const feed = demultiplexer((stream, chunk) => seen[stream].push(Buffer.from(chunk)));
    for (let at = 0; at < all.length; at += size) feed(all.subarray(at, at + size));
    t.equal(seen.stdout.length + seen.stderr.length, MANY.length, `chunks of ${size}`);
    t.equal(Buffer.concat(seen.stderr).toString().split('\n')[1], '3 ü');
  }
});

await tap.test('lines of a log', async (t) => {
  t.same(demultiplexedLines(Buffer.concat([frame(1, 'one\ntw'), frame(2, 'o\r\n\n')])), ['one', 'two']);
  t.same(demultiplexedLines(Buffer.alloc(0)), []);
});

await tap.test('a capped buffer keeps the beginning and says what is missing', async (t) => {
  const buffer = new CappedBuffer(5);
  for (const part of ['abc', 'def', 'ghi']) buffer.push(Buffer.from(part));
  t.equal(buffer.toString(), 'abcde\n[4 more bytes were not kept]\n');
  const small = new CappedBuffer(5);
  small.push(Buffer.from('abcde'));
  t.equal(small.toString(), 'abcde');
});
