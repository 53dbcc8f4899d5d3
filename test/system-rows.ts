import { parseRows } from '../src/checks/probe/rows.ts';
import { type SystemReading, systemFacts } from '../src/checks/probe/system/facts.ts';

export type Field = string | number | null | readonly string[];
/** What the rows of a probe say. */
export const read = (...rows: readonly (readonly Field[])[]): SystemReading => {
  const texts = rows.map((row) =>
    JSON.stringify(row.map((field) => (typeof field === 'number' ? `${field}` : field))),
  );
  return systemFacts(parseRows([...texts, '["end"]'].join('\n')), 'little');
};
export const file = (path: string, text: string): Field[] => ['g', path, path, 1, text, 0, null];
export const ran = (id: string, text: string, code = 0): Field[] => ['c', id, 'ran', text, code];
export const missing = (id: string): Field[] => ['c', id, 'missing', null, 127];
