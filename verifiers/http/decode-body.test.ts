import zlib from 'node:zlib';
import tap from 'tap';
import { decodeBody } from './decode-body.ts';

const encoded = (...values: string[]) => ({ 'content-encoding': values });
const typed = (value: string) => ({ 'content-type': [value] });
const text = Buffer.from('hello world');

await tap.test('content encodings are undone, several in their order', async (t) => {
  const rows: [Buffer, object][] = [
    [text, {}],
    [text, encoded('identity')],
    [zlib.gzipSync(text), encoded('gzip')],
    [zlib.gzipSync(text), encoded('X-GZIP')],
    [zlib.deflateSync(text), encoded('deflate')],
    [zlib.deflateRawSync(text), encoded('deflate')],
    [zlib.brotliCompressSync(text), encoded('br')],
    [zlib.gzipSync(zlib.brotliCompressSync(text)), encoded('br, gzip')],
    [zlib.gzipSync(zlib.brotliCompressSync(text)), encoded('br', 'gzip')],
  ];
  for (const [bytes, headers] of rows)
    t.strictSame(await decodeBody(bytes, { ...headers }, 1000, false), { text: 'hello world' });
  t.strictSame(await decodeBody(Buffer.alloc(0), encoded('gzip'), 1000, false), { text: '' }, 'of HEAD');
});

await tap.test('what cannot be decoded says why, and a part is a part', async (t) => {
  t.match(await decodeBody(text, encoded('gzip'), 1000, false), { text: '', unread: /not the gzip/ });
  t.match(await decodeBody(zlib.gzipSync(text).subarray(0, 15), encoded('gzip'), 1000, false), {
    unread: /not the gzip/,
  });
  t.match(await decodeBody(text, encoded('compress'), 1000, false), { unread: /compress is not known/ });
  t.match(await decodeBody(zlib.gzipSync(text).subarray(0, -8), encoded('gzip'), 1000, true), {
    text: 'hello world',
    keptBytes: 11,
  });
  const bomb = zlib.gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const kept = await decodeBody(bomb, encoded('gzip'), 100_000, false);
  t.equal(kept.keptBytes, 100_000, 'a bomb is read in part');
  t.equal(kept.text.length, 100_000);
});

await tap.test('the charset is that of the head or of a byte order mark', async (t) => {
  const word = async (bytes: Buffer, headers = {}) => (await decodeBody(bytes, headers, 1000, false)).text;
  t.equal(await word(Buffer.from('café', 'latin1'), typed('text/html; charset=ISO-8859-1')), 'café');
  t.equal(await word(Buffer.from('\ufeff{}', 'utf16le'), typed('application/json')), '{}');
  t.equal(await word(Buffer.from('{}', 'utf16le'), typed('application/json; charset="utf-16"')), '{}');
  t.equal(await word(Buffer.from('\ufeff{}')), '{}', 'a mark of UTF-8 is no part of the text');
  t.equal(await word(Buffer.from('café')), 'café');
  t.match(await decodeBody(text, typed('text/plain; charset=klingon'), 1000, false), {
    unread: /charset klingon/,
  });
});
