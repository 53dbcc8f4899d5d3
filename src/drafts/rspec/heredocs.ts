const MARKER = /<<([~-]?)(["']?)([A-Z_][A-Z0-9_]*)\2/i;

/**
 * The text with here-documents as ordinary strings on the line that asks for them, and empty lines in their place, so
 * that lines keep their numbers. Only what has its end on a line of its own counts as one. And `__END__` ends a file.
 */
export function withoutHeredocs(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => line.trimEnd() === '__END__');
  if (end !== -1) lines.fill('', end);
  for (let at = 0; at < lines.length; at += 1) {
    let from = at + 1;
    for (;;) {
      const line = lines[at] ?? '';
      const found = MARKER.exec(line);
      if (!found) break;
      const [whole, kind = '', quote = '', word = ''] = found;
      const close = lines.findIndex(
        (one, index) => index >= from && (kind === '' ? one.trimEnd() : one.trim()) === word,
      );
      if (close === -1) break;
      const body = lines.slice(from, close);
      const string = asString(kind === '~' ? outdented(body) : body, quote === "'");
      lines[at] = `${line.slice(0, found.index)}${string}${line.slice(found.index + whole.length)}`;
      for (let index = from; index <= close; index += 1) lines[index] = '';
      from = close + 1;
    }
  }
  return lines.join('\n');
}

function outdented(lines: readonly string[]): readonly string[] {
  const widths = lines.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const width = Math.min(...widths, Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(width));
}

function asString(lines: readonly string[], isRaw: boolean): string {
  const text = lines.map((line) => `${line}\n`).join('');
  const escaped = isRaw ? text.replaceAll('\\', '\\\\').replaceAll('#{', '\\#{') : text;
  return `"${escaped.replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
