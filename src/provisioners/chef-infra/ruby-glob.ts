import { escapeRegExp } from '../../core/escape-regexp.ts';

/** How a pattern is read; the names are those of Ruby's File::FNM_* flags. */
export interface GlobOptions {
  /** `*` and `?` stop at `/`, and a `**` segment matches any number of folders. */
  readonly pathname?: boolean;
  /** `{a,b}` alternatives. */
  readonly extglob?: boolean;
}

/** Translates a pattern of Ruby's File.fnmatch (https://docs.ruby-lang.org/en/3.1/File.html#method-c-fnmatch). */
export function globToRegExp(pattern: string, options: GlobOptions = {}): RegExp {
  const any = options.pathname ? '[^/]' : '[\\s\\S]';
  let source = '';
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    const atStart = i === 0 || (options.pathname === true && pattern[i - 1] === '/');
    // Without FNM_DOTMATCH a leading dot must be named.
    const noDot = atStart ? '(?!\\.)' : '';
    if (options.pathname && atStart && pattern.startsWith('**/', i)) {
      source += '(?:(?!\\.)[^/]+/)*';
      i += 2;
    } else if (char === '*') {
      while (pattern[i + 1] === '*') i++;
      source += `${noDot}${any}*`;
    } else if (char === '?') {
      source += `${noDot}${any}`;
    } else if (char === '[' && pattern.indexOf(']', i + 2) > 0) {
      const end = pattern.indexOf(']', i + 2);
      source += `[${pattern
        .slice(i + 1, end)
        .replace(/^[!^]/, '^')
        .replaceAll('\\', '\\\\')}]`;
      i = end;
    } else if (options.extglob && char === '{') {
      source += '(?:';
      depth++;
    } else if (depth > 0 && char === '}') {
      source += ')';
      depth--;
    } else if (depth > 0 && char === ',') {
      source += '|';
    } else if (char === '\\' && i + 1 < pattern.length) {
      i++;
      source += escapeRegExp(pattern.charAt(i));
    } else {
      source += escapeRegExp(char);
    }
  }
  return new RegExp(`^${source}$`);
}
