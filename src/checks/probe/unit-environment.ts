/**
 * `Environment=` as `systemctl show` prints it: assignments separated by spaces, those with special characters in
 * double quotes with backslash escapes, or as `$'…'` with C escapes (systemd's shell_maybe_quote).
 */
export function parseUnitEnvironment(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const word of words(text)) {
    const at = word.indexOf('=');
    if (at > 0) found[word.slice(0, at)] = word.slice(at + 1);
  }
  return found;
}

const WORD = /(?:\$'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|'([^']*)'|\\.|[^\s"'\\])+/gs;
const PART = /\$'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\$]+|\$)/gs;

function words(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) =>
    word.replace(
      PART,
      (_all, ansi?: string, double?: string, single?: string, escaped?: string, plain?: string) => {
        if (ansi !== undefined) return unescapeC(ansi);
        if (double !== undefined) return double.replace(/\\(.)/gs, '$1');
        return single ?? escaped ?? plain ?? '';
      },
    ),
  );
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

function unescapeC(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|[0-7]{3}|.)/gs, (_all, code: string) => {
    if (/^x../.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return SIMPLE[code] ?? code;
  });
}
