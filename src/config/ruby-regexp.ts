/** The JavaScript form of a Ruby regular expression, for the syntax that occurs in names. Options: `i`, `x`, `m`. */
export function rubyRegExp(pattern: string, options = ''): RegExp {
  const source = options.includes('x') ? withoutComments(pattern) : pattern;
  const translated = source
    .replaceAll(/\\A/g, '(?<![\\s\\S])')
    .replaceAll(/\\[zZ]/g, '(?![\\s\\S])')
    .replaceAll(/\\h/g, '[0-9a-fA-F]')
    .replaceAll(/\[\[:(\^?)(\w+):\]\]/g, (whole, not: string, name: string) => {
      const inner = POSIX_CLASSES[name];
      return inner === undefined ? whole : `[${not}${inner}]`;
    })
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => POSIX_CLASSES[name] ?? whole);
  const inline = /^\(\?([imx]+)\)/.exec(translated);
  const flags = options + (inline?.[1] ?? '');
  // Ruby's ^ and $ always match at lines; its m lets the dot match a line end.
  return new RegExp(
    inline ? translated.slice(inline[0].length) : translated,
    `m${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 's' : ''}`,
  );
}

/** What POSIX bracket expressions (`[:alpha:]`) are inside the brackets of a JavaScript pattern, in ASCII. */
export const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  xdigit: '0-9A-Fa-f',
  punct: '!-\\/:-@\\[-`{-~',
  word: '\\w',
};

function withoutComments(pattern: string): string {
  return pattern.replaceAll(/(\\.)|(\[(?:\\.|[^\]])*\])|\s+|#.*$/gm, (_, escaped: string, set: string) => {
    return escaped ?? set ?? '';
  });
}
