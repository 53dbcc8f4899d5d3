/** Longest line passed on; Chef prints whole node objects into one line when an exception inspects them. */
export const LINE_LIMIT = 4096;
const REDACTED = '[redacted]';

export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** Passes on a last line that has no line end. */
  end(): void;
}

/**
 * Splits a byte stream into lines without their line end. Lines over `LINE_LIMIT` characters are cut with a note of
 * the length, and every occurrence of a secret is replaced before anything is cut.
 */
export function splitLines(onLine: (line: string) => void, secrets: readonly string[] = []): LineSplitter {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  const flush = (): void => {
    const line = parts.join('');
    parts = [];
    onLine(capLine(redact(line.endsWith('\r') ? line.slice(0, -1) : line, secrets)));
  };
  const take = (text: string): void => {
    const pieces = text.split('\n');
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      parts.push(piece);
      flush();
    }
    if (rest !== '') parts.push(rest);
  };
  return {
    push: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end() {
      take(decoder.decode());
      if (parts.length > 0) flush();
    },
  };
}

/** Replaces each non-trivial secret; those under 4 characters would redact ordinary text. */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) if (secret.length >= 4) result = result.replaceAll(secret, REDACTED);
  return result;
}

export function capLine(line: string, limit: number = LINE_LIMIT): string {
  if (line.length <= limit) return line;
  return `${line.slice(0, limit)} … [${line.length - limit} more characters of this line left out]`;
}
