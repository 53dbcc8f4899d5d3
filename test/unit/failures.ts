/** The most lines that are told of a failed assertion. */
const LINES = 40;

/** The failed assertions of a TAP text, each with what it says of itself, in order; the last lines if there is none. */
export function failures(tap: string): string {
  const lines = tap.trimEnd().split('\n');
  const told: string[] = [];
  for (const [at, line] of lines.entries()) {
    const indent = /^( *)not ok /.exec(line)?.[1];
    if (indent === undefined) continue;
    const rest = lines.slice(at + 1);
    const hasDetails = (rest[0] ?? '').startsWith(`${indent}  ---`);
    const end = hasDetails ? rest.findIndex((one) => one === `${indent}  ...`) + 1 : 0;
    told.push(line, ...rest.slice(0, Math.min(end, LINES)));
  }
  return (told.length > 0 ? told : lines.slice(-LINES)).join('\n');
}
