/** A reply of a server (RESP2; https://redis.io/docs/latest/develop/reference/protocol-spec/). */
export type Reply =
  | { readonly kind: 'value'; readonly value: RedisValue }
  | { readonly kind: 'error'; readonly text: string };
export type RedisValue = string | number | null | readonly RedisValue[];

/** A command as an array of bulk strings, which takes any bytes. */
export function encodeCommand(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** The replies in a stream, in order; what is not complete at its end is left out. Throws for what is not RESP. */
export function decodeReplies(stream: Buffer): Reply[] {
  const replies: Reply[] = [];
  let at = 0;
  while (at < stream.length) {
    const read = readReply(stream, at);
    if (!read) break;
    replies.push(read.reply);
    at = read.next;
  }
  return replies;
}

function readReply(stream: Buffer, at: number): { readonly reply: Reply; readonly next: number } | undefined {
  const end = stream.indexOf('\r\n', at, 'latin1');
  if (end < 0) return undefined;
  const line = stream.toString('utf8', at + 1, end);
  const next = end + 2;
  const value = (one: RedisValue): Reply => ({ kind: 'value', value: one });
  switch (String.fromCharCode(stream[at] ?? 0)) {
    case '+':
      return { reply: value(line), next };
    case '-':
      return { reply: { kind: 'error', text: line }, next };
    case ':':
      return { reply: value(Number(line)), next };
    case '$': {
      const length = Number(line);
      if (length < 0) return { reply: value(null), next };
      if (stream.length < next + length + 2) return undefined;
      return { reply: value(stream.toString('utf8', next, next + length)), next: next + length + 2 };
    }
    case '*':
      return readArray(stream, Number(line), next);
    default:
      throw new Error('the answer is not that of a redis server');
  }
}

function readArray(stream: Buffer, count: number, from: number): ReturnType<typeof readReply> {
  if (count < 0) return { reply: { kind: 'value', value: null }, next: from };
  const items: RedisValue[] = [];
  let at = from;
  for (let n = 0; n < count; n += 1) {
    const read = readReply(stream, at);
    if (!read) return undefined;
    items.push(read.reply.kind === 'value' ? read.reply.value : read.reply.text);
    at = read.next;
  }
  return { reply: { kind: 'value', value: items }, next: at };
}
