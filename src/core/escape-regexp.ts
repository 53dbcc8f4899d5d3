/** A regular expression for the text itself, of JavaScript and of POSIX alike. */
export function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
