export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Buffer;
  /** False when fewer bytes came than the head announced. */
  readonly isComplete: boolean;
}

/**
 * Reads an HTTP/1.x response as it came over the wire (RFC 9112), interim 1xx answers skipped. Undefined when it is
 * none.
 */
export function parseRawResponse(bytes: Buffer, method: string): RawResponse | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes
    .subarray(0, end < 0 ? bytes.length : end)
    .toString('latin1')
    .split('\r\n');
  const status = Number(/^HTTP\/\d(?:\.\d)? (\d{3})/.exec(statusLine)?.[1]);
  if (!status || end < 0) return undefined;
  const rest = bytes.subarray(end + 4);
  if (status >= 100 && status < 200 && status !== 101) return parseRawResponse(rest, method);
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const all = Object.fromEntries(headers);
  if (method === 'HEAD' || status === 204 || status === 304) {
    return { status, headers: all, body: Buffer.alloc(0), isComplete: true };
  }
  if (/\bchunked\b/i.test(headers.get('transfer-encoding')?.at(-1) ?? '')) {
    return { status, headers: all, ...unchunk(rest) };
  }
  const length = Number(headers.get('content-length')?.[0] ?? Number.NaN);
  const body = Number.isNaN(length) ? rest : rest.subarray(0, length);
  return { status, headers: all, body, isComplete: Number.isNaN(length) || rest.length >= length };
}

function unchunk(bytes: Buffer): { body: Buffer; isComplete: boolean } {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size =
      lineEnd < 0 ? Number.NaN : Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (Number.isNaN(size)) return { body: Buffer.concat(parts), isComplete: false };
    if (size === 0) return { body: Buffer.concat(parts), isComplete: true };
    const start = lineEnd + 2;
    parts.push(bytes.subarray(start, start + size));
    if (start + size > bytes.length) return { body: Buffer.concat(parts), isComplete: false };
    at = start + size + 2;
  }
}
