/** Records of a CSV text (RFC 4180). Pure. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\n\r]*))(,|\r?\n|$)/gy;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (!found) throw new Error('the client’s output is not CSV');
    record.push(found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"'));
    if (found[3] === ',' && field.lastIndex < text.length) continue;
    if (found[3] === ',') record.push('');
    records.push(record);
    record = [];
  }
  return records;
}
