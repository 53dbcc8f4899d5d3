/** Receives the payload of frames in order. */
export type OnFrame = (stream: 'stdout' | 'stderr', chunk: Buffer) => void;

const HEADER = 8;

/**
 * Takes apart the engine's multiplexed stream: 1 byte stream (1 = stdout, 2 = stderr), 3 zero bytes, 4 bytes length,
 * payload (Docker Engine API, "Stream format" of container attach). Feed it chunks as they come. docker-modem's own
 * version recurses once per frame and copies the rest each time, which a chatty converge log makes costly.
 */
export function demultiplexer(onFrame: OnFrame): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let rest = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (rest.length >= HEADER) {
      const size = rest.readUInt32BE(4);
      if (rest.length < HEADER + size) break;
      if (size > 0) onFrame(rest[0] === 2 ? 'stderr' : 'stdout', rest.subarray(HEADER, HEADER + size));
      rest = rest.subarray(HEADER + size);
    }
    pending = rest;
  };
}

/** Splits a whole multiplexed text, such as the answer of a logs call that does not follow, into lines. */
export function demultiplexedLines(content: Buffer): string[] {
  const parts: Buffer[] = [];
  demultiplexer((_stream, chunk) => parts.push(chunk))(content);
  return Buffer.concat(parts)
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}
