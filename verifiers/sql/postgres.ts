import { type Cell, firstOf, type SqlAnswer, type SqlClient, type SqlRow } from './answer.ts';
import { parseCsv } from './csv.ts';
import type { SqlErrorKind } from './schema.ts';

/** Not to be met in data; NULL and the empty text look the same in CSV otherwise. */
const NULL_MARK = 'galley-null-3f7a1c';
const RESULT_MARK = 'galley-result-3f7a1c';

/**
 * psql: first asks for the columns and their types (`\gdesc`, psql 11), then for the rows as CSV. The password is in
 * the environment, the statement on standard input.
 */
export const postgresClient: SqlClient = {
  command(statement, { host, port, user, password, database, timeoutMs }) {
    const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
    return {
      argv: firstOf(
        ['psql', '/usr/lib/postgresql/*/bin/psql'],
        ['-X', '-q', '-w', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=verbose'],
      ),
      env: {
        PGCLIENTENCODING: 'UTF8',
        PGCONNECT_TIMEOUT: String(seconds),
        PGOPTIONS: `-c statement_timeout=${Math.round(timeoutMs)}`,
        PGAPPNAME: 'galley',
        LC_ALL: 'C',
        ...(host !== undefined && { PGHOST: host }),
        ...(port !== undefined && { PGPORT: String(port) }),
        ...(user !== undefined && { PGUSER: user }),
        ...(password !== undefined && { PGPASSWORD: password }),
        ...(database !== undefined && { PGDATABASE: database }),
      },
      stdin: [
        '\\pset format csv',
        `\\pset null '${NULL_MARK}'`,
        statement,
        '\\gdesc',
        `\\echo ${RESULT_MARK}`,
        '\\timing on',
        statement,
        ';',
        '',
      ].join('\n'),
    };
  },
  answer({ exitCode, stdout, stderr }) {
    if (exitCode !== 0) return refusal(exitCode, stderr);
    const [described = '', result = ''] = stdout.split(`${RESULT_MARK}\n`);
    const timing = /(?:^|\n)Time: ([\d.]+) ms[^\n]*\n?$/.exec(result);
    const body = timing ? result.slice(0, timing.index + (result[timing.index] === '\n' ? 1 : 0)) : result;
    const types = described.startsWith('Column,Type\n') ? parseCsv(described).slice(1) : [];
    const columns = types.map(([name = '']) => name);
    const rows = types.length === 0 ? [] : parseCsv(body).slice(1);
    return {
      kind: 'rows',
      columns,
      rows: rows.map(
        (cells): SqlRow =>
          Object.fromEntries(types.map(([name = '', type = ''], at) => [name, typed(cells[at] ?? '', type)])),
      ),
      durationMs: timing ? Number(timing[1]) : undefined,
      isUntyped: false,
    };
  },
};

const NUMBERS = /^(smallint|integer|bigint|real|double precision|numeric|oid)\b(?!.*\[)/;

function typed(text: string, type: string): Cell {
  if (text === NULL_MARK) return null;
  if (type === 'boolean') return text === 't';
  if (NUMBERS.test(type)) {
    const number = Number(text);
    // What a double cannot hold stays a text.
    return Number.isNaN(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))
      ? text
      : number;
  }
  if (type === 'json' || type === 'jsonb') return JSON.parse(text);
  return text;
}

const CONNECTING: readonly (readonly [SqlErrorKind, RegExp])[] = [
  [
    'auth',
    /password authentication failed|no password supplied|authentication failed|role ".*" does not exist|no pg_hba\.conf entry/,
  ],
  ['database', /database ".*" does not exist/],
  ['timeout', /timeout expired/],
  ['refused', /Connection refused|No such file or directory|starting up|shutting down|too many clients/],
  ['unreachable', /could not translate host name|No route to host|Network is unreachable|timed out/],
];

/** Exit 2: no connection; 3: the statement failed (psql(1)). */
function refusal(exitCode: number, stderr: string): SqlAnswer {
  const text = stderr.replace(/\s+/g, ' ').trim();
  const failed = /(?:ERROR|FATAL):\s+([0-9A-Z]{5}): ([^\n]*)/.exec(stderr);
  if (exitCode === 3 && failed) {
    const [, state = '', message = ''] = failed;
    const error: SqlErrorKind = state === '57014' ? 'timeout' : state.startsWith('57P') ? 'refused' : 'sql';
    return { kind: 'error', error, text: `${message} (${state})` };
  }
  const known = CONNECTING.find(([, words]) => words.test(stderr));
  if (known) return { kind: 'error', error: known[0], text };
  throw new Error(`psql failed (exit ${exitCode}): ${text}`);
}
