/** Syslog's severities, worst first (RFC 5424, table 2); the index is the number. */
export const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

const OTHER_NAMES: Readonly<Record<string, Level>> = {
  emergency: 'emerg',
  panic: 'emerg',
  critical: 'crit',
  fatal: 'crit',
  severe: 'err',
  error: 'err',
  warn: 'warning',
  log: 'info',
  trace: 'debug',
};

export function levelNamed(text: string): Level | undefined {
  const name = text.toLowerCase();
  return LEVELS.find((one) => one === name) ?? OTHER_NAMES[name];
}

export function isAtLeast(level: Level, wanted: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(wanted);
}

const NAMES = [...LEVELS, ...Object.keys(OTHER_NAMES)].join('|');
/** In capitals as a word, in brackets (`[error]`), or after `level` (`level=error`, `"level":"error"`). */
const TOLD = new RegExp(
  `(?<![\\w-])(?:${NAMES.toUpperCase()})(?![\\w-])|(?<=\\[)(?:${NAMES})(?=[\\]\\s:])|(?<=\\blevel(?:name)?"?\\s*[=:]\\s*"?)(?:${NAMES})\\b`,
  'i',
);
const CAPITALS = /^[A-Z]+$/;

/** The level that a line of a log tells of itself, by the first such word in its beginning; undefined for none. */
export function levelIn(line: string): Level | undefined {
  const start = line.slice(0, 300);
  const priority = /^<(\d{1,3})>/.exec(start);
  if (priority) return LEVELS[Number(priority[1]) % 8];
  let from = 0;
  for (;;) {
    const found = TOLD.exec(start.slice(from));
    if (!found) return undefined;
    const at = from + found.index;
    const before = start.slice(0, at);
    const isMarked = /\[$|level(?:name)?"?\s*[=:]\s*"?$/i.test(before);
    if (isMarked || CAPITALS.test(found[0])) return levelNamed(found[0]);
    from = at + found[0].length;
  }
}
