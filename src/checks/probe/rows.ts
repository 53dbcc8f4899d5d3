/** One line of probe output: a kind and its fields, all texts, lists of texts, or null. */
export interface Row {
  readonly kind: string;
  text(index: number): string;
  optional(index: number): string | undefined;
  number(index: number): number;
  flag(index: number): boolean;
  list(index: number): readonly string[];
}

/** Parses the output into rows. Throws when it is cut or is not of the probe. Pure. */
export function parseRows(output: string): Row[] {
  const rows: Row[] = [];
  let ended = false;
  for (const line of output.split('\n')) {
    if (line === '' || ended) continue;
    const row = parseRow(line);
    if (row.kind === 'end') ended = true;
    else rows.push(row);
  }
  if (!ended) throw new Error('the output of the probe is cut: its end mark is missing');
  return rows;
}

function parseRow(line: string): Row {
  const fields = parseFields(line);
  const kind = fields[0];
  if (typeof kind !== 'string') throw unexpected(line);
  const at = (index: number): unknown => fields[index + 1];
  const optional = (index: number): string | undefined => {
    const value = at(index) ?? undefined;
    if (value !== undefined && typeof value !== 'string') throw unexpected(line);
    return value === undefined ? undefined : decode(value);
  };
  const text = (index: number): string => optional(index) ?? '';
  return {
    kind,
    text,
    optional,
    number: (index) => {
      const value = text(index);
      if (!/^-?\d+(\.\d+)?$/.test(value)) throw unexpected(line);
      return Number(value);
    },
    flag: (index) => at(index) === '1',
    list: (index) => {
      const value = at(index) ?? [];
      if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw unexpected(line);
      return value.map(decode);
    },
  };
}

function parseFields(line: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(line);
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Said below, with the line's beginning.
  }
  throw unexpected(line);
}

/** Only the kind of the row is shown: a row may hold the value of a secret. */
function unexpected(line: string): Error {
  return new Error(
    `unexpected line in the output of the probe: ${line.startsWith('["') ? line.slice(0, 6) : 'not JSON'}…`,
  );
}

/** The programs write each byte above 0x7e as one \u00XX. */
function decode(text: string): string {
  return /^[ -~]*$/.test(text) ? text : Buffer.from(text, 'latin1').toString('utf8');
}
