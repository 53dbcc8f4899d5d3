import { pipeline, type Readable, Transform } from 'node:stream';

/** The same bytes; `onBytes` is told how many went through, after each further `step` of them. Breaks as the source does. */
export function countedStream(source: Readable, step: number, onBytes: (bytes: number) => void): Readable {
  let bytes = 0;
  let told = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes - told >= step) {
        told = bytes;
        onBytes(bytes);
      }
      done(null, chunk);
    },
  });
  // Errors are the reader's business, who sees them in the counter.
  return pipeline(source, counter, () => undefined);
}
