import type { Transform } from 'node:stream';
import { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import zlib from 'node:zlib';

export interface DecodedBody {
  readonly text: string;
  /** Bytes of the decoded body that are kept, when that is not all of it. */
  readonly keptBytes?: number;
  /** Why the text cannot be told; it is empty then. */
  readonly unread?: string;
}

type Headers = Readonly<Record<string, readonly string[]>>;

/**
 * The text of a body: its content encodings undone (RFC 9110, 8.4), at most `limit` bytes of it, then by its charset or
 * byte order mark, else as UTF-8. `isCut`: the bytes are only the beginning of the body.
 */
export async function decodeBody(
  bytes: Buffer,
  headers: Headers,
  limit: number,
  isCut: boolean,
): Promise<DecodedBody> {
  const encodings = (headers['content-encoding'] ?? [])
    .flatMap((value) => value.toLowerCase().split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '' && word !== 'identity');
  let body = bytes;
  let isPart = isCut;
  for (const encoding of bytes.length === 0 ? [] : encodings.toReversed()) {
    const decoder = decoderOf(encoding, isPart, body);
    if (!decoder) return { text: '', unread: `its content encoding ${encoding} is not known here` };
    try {
      const plain = await throughDecoder(body, decoder, limit);
      body = plain.bytes;
      isPart ||= plain.isCut;
    } catch {
      return { text: '', unread: `it is not the ${encoding} that its Content-Encoding says` };
    }
  }
  const decoder = charsetOf(headers, body);
  if (typeof decoder === 'string') return { text: '', unread: `its charset ${decoder} is not known here` };
  return { text: decoder.decode(body), ...(isPart && { keptBytes: body.length }) };
}

function decoderOf(encoding: string, isPart: boolean, body: Buffer): Transform | undefined {
  // The beginning of a body ends anywhere.
  const options = isPart ? { finishFlush: zlib.constants.Z_SYNC_FLUSH } : {};
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(options);
    case 'deflate':
      // Some servers leave out the head of zlib, whose first byte always ends in 8.
      return ((body[0] ?? 0) & 15) === 8 ? zlib.createInflate(options) : zlib.createInflateRaw(options);
    case 'br':
      return zlib.createBrotliDecompress(
        isPart ? { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH } : {},
      );
    default:
      return undefined;
  }
}

/** Stops as soon as there is more than `limit` bytes: a small body may be made of a very large one. */
async function throughDecoder(
  bytes: Buffer,
  decoder: Transform,
  limit: number,
): Promise<{ readonly bytes: Buffer; readonly isCut: boolean }> {
  const kept: Buffer[] = [];
  let size = 0;
  const source = Readable.from([bytes]).on('error', (error) => decoder.destroy(error));
  for await (const chunk of source.pipe(decoder) as AsyncIterable<Buffer>) {
    kept.push(chunk.subarray(0, Math.max(0, limit - size)));
    size += chunk.length;
    if (size > limit) break;
  }
  return { bytes: Buffer.concat(kept), isCut: size > limit };
}

const BYTE_ORDER_MARKS = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const;

/** A decoder, which drops a byte order mark, or the name of a charset that is not known. */
function charsetOf(headers: Headers, body: Buffer): TextDecoder | string {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, at) => body[at] === byte));
  const [, given] = /charset\s*=\s*"?([^\s";]+)/i.exec(headers['content-type']?.[0] ?? '') ?? [];
  const label = marked?.[0] ?? given ?? 'utf-8';
  try {
    return new TextDecoder(label);
  } catch {
    return label;
  }
}
