/**
 * Splits a command line into words by the shell's quoting rules, without any expansion, as kitchen-dokken does with
 * pid_one_command (Ruby's Shellwords). Undefined for an unclosed quote.
 */
export function shellWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const c = line[at] ?? '';
    if (quote === "'") {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === '\\' && at + 1 < line.length && (quote === '' || /["\\$`]/.test(line[at + 1] ?? ''))) {
      at += 1;
      word = (word ?? '') + (line[at] ?? '');
    } else if (quote === '"') {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === "'" || c === '"') {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}
