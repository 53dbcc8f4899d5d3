/** Longest line passed on; Chef prints whole node objects into one line when an exception inspects them. */
export const LINE_LIMIT = 4096;
/** More than is passed on, so that secrets are found before the line is cut. */
const KEPT_OF_LINE = 16 * LINE_LIMIT;
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
  // What is kept of a line: a program that prints gigabytes without a line end must not fill our memory.
  const longestSecret = Math.max(0, ...secrets.map((secret) => secret.length));
  let kept = '';
  let dropped = 0;
  let isOpen = false;
  const keep = (piece: string): void => {
    const room = KEPT_OF_LINE - kept.length;
    kept += piece.slice(0, room);
    dropped += Math.max(0, piece.length - room);
    isOpen = true;
  };
  const flush = (): void => {
    const line = dropped === 0 && kept.endsWith('\r') ? kept.slice(0, -1) : kept;
    const clean = redact(line, secrets);
    // The end of what was kept may be the beginning of a secret.
    const safe = dropped === 0 ? clean : clean.slice(0, Math.max(0, clean.length - longestSecret));
    const lost = dropped + clean.length - safe.length;
    kept = '';
    dropped = 0;
    isOpen = false;
    onLine(capLine(safe, LINE_LIMIT, lost));
  };
  const take = (text: string): void => {
    const pieces = text.split('\n');
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      keep(piece);
      flush();
    }
    if (rest !== '') keep(rest);
  };
  return {
    push: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end() {
      take(decoder.decode());
      if (isOpen) flush();
    },
  };
}

/** Replaces each non-trivial secret; those under 4 characters would redact ordinary text. */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) if (secret.length >= 4) result = result.replaceAll(secret, REDACTED);
  return result;
}

/** `lost`: characters of the line that are missing already. */
export function capLine(line: string, limit: number = LINE_LIMIT, lost = 0): string {
  if (line.length <= limit && lost === 0) return line;
  return `${line.slice(0, limit)} … [${Math.max(0, line.length - limit) + lost} more characters of this line left out]`;
}
