import { XMLParser } from 'fast-xml-parser';
import { type Cell, firstOf, type SqlAnswer, type SqlClient, type SqlRow } from './answer.ts';
import type { SqlErrorKind } from './schema.ts';

/**
 * The clients of MySQL and MariaDB. Their XML tells NULL from the text `NULL`, which their tables do not. Server times
 * around the statement say how long it took. The password is in the environment, the statement on standard input.
 */
export const mysqlClient: SqlClient = {
  command(statement, { host, port, user, password, database, timeoutMs }) {
    const args = [
      '--no-defaults',
      '--xml',
      '--default-character-set=utf8mb4',
      `--connect-timeout=${Math.max(1, Math.ceil(timeoutMs / 1000))}`,
      ...(host === undefined ? [] : ['--protocol=TCP', `--host=${host}`]),
      ...(port === undefined ? [] : [`--port=${port}`]),
      ...(user === undefined ? [] : [`--user=${user}`]),
      ...(database === undefined ? [] : [`--database=${database}`]),
    ];
    return {
      argv: firstOf(['mysql', 'mariadb'], args),
      env: { ...(password !== undefined && { MYSQL_PWD: password }) },
      stdin: `${TIME};\n${statement}\n;\n${TIME};\n`,
    };
  },
  answer({ exitCode, stdout, stderr }) {
    if (exitCode !== 0) return refusal(exitCode, stderr);
    const results = parseResults(stdout);
    const [before, after] = [results[0], results.at(-1)];
    const between = results.slice(1, -1);
    if (before === undefined || after === undefined || results.length < 2)
      throw new Error('the client’s output is not the XML that was asked for');
    const rows = between[0] ?? [];
    const first = rows[0];
    return {
      kind: 'rows',
      columns: first ? Object.keys(first) : undefined,
      rows,
      durationMs: (timeIn(after) - timeIn(before)) / 1000,
      isUntyped: true,
    };
  },
};

/** Microseconds since the epoch, by the server's clock. */
const TIME = 'SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS SIGNED) AS galley_time';

function timeIn(rows: readonly SqlRow[]): number {
  return Number(rows[0]?.['galley_time']);
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  alwaysCreateTextNode: true,
  isArray: (name) => name === 'row' || name === 'field' || name === 'resultset',
});

interface Field {
  readonly '@name': string;
  readonly '@xsi:nil'?: string;
  readonly '#text'?: string;
}

/** Each statement that gives a result prints an XML document of its own. */
function parseResults(xml: string): SqlRow[][] {
  return xml
    .split(/(?=<\?xml )/)
    .filter((part) => part.startsWith('<?xml'))
    .map((part) => {
      const parsed = parser.parse(part) as {
        readonly resultset?: readonly { readonly row?: readonly { readonly field?: readonly Field[] }[] }[];
      };
      const rows = parsed.resultset?.[0]?.row ?? [];
      return rows.map((row) => Object.fromEntries((row.field ?? []).map((one) => [one['@name'], cell(one)])));
    });
}

/** The client prints texts only: what looks like a number as a number would print is taken for one. */
function cell(field: Field): Cell {
  if (field['@xsi:nil'] === 'true') return null;
  const text = field['#text'] ?? '';
  const number = Number(text);
  return text !== '' && String(number) === text && Number.isFinite(number) ? number : text;
}

/** Errors of the client (2000…) and of the server, see "Error Reference" of either. */
const KINDS: readonly (readonly [SqlErrorKind, readonly number[]])[] = [
  ['auth', [1044, 1045, 1698, 1130, 1251, 2059]],
  ['database', [1049]],
  ['refused', [2002, 2013, 2006, 1040]],
  ['unreachable', [2005]],
  ['timeout', [1969, 3024]],
];

function refusal(exitCode: number, stderr: string): SqlAnswer {
  const text = stderr.replace(/\s+/g, ' ').trim();
  const found = /ERROR (\d+) \((\w+)\)/.exec(stderr);
  if (!found) throw new Error(`the client failed (exit ${exitCode}): ${text}`);
  const number = Number(found[1]);
  // 2003: cannot connect; the system's own number of the reason stands in the message.
  if (number === 2003) {
    const isRefused = /\(111\b/.test(stderr);
    const isLate = /\(110\b|\(4\b/.test(stderr);
    return { kind: 'error', error: isRefused ? 'refused' : isLate ? 'timeout' : 'unreachable', text };
  }
  return { kind: 'error', error: KINDS.find(([, numbers]) => numbers.includes(number))?.[0] ?? 'sql', text };
}
