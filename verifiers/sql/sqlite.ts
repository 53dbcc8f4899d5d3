import { firstOf, type SqlClient, type SqlRow } from './answer.ts';

/** sqlite3 with `-json` (3.33); the file is only read. Its time is measured around the process. */
export const sqliteClient: SqlClient = {
  command: (statement, { database = '' }) => ({
    argv: firstOf(['sqlite3'], ['-batch', '-bail', '-readonly', '-json', database]),
    env: {},
    stdin: `.timer on\n${statement}\n;\n`,
  }),
  answer({ exitCode, stdout, stderr }) {
    if (exitCode !== 0 || /^(?:Parse |Runtime )?error|^Error:/im.test(stderr)) {
      const text = stderr.replace(/\s+/g, ' ').trim();
      if (/unable to open|not a database/.test(stderr)) return { kind: 'error', error: 'database', text };
      if (/error/i.test(stderr)) return { kind: 'error', error: 'sql', text };
      throw new Error(`sqlite3 failed (exit ${exitCode}): ${text}`);
    }
    const timer = /^Run Time: real ([\d.]+).*$/m.exec(stdout);
    const json = stdout.replace(/^Run Time:.*$/gm, '').trim();
    const rows = json === '' ? [] : (JSON.parse(json) as readonly SqlRow[]);
    const [first] = rows;
    return {
      kind: 'rows',
      columns: first ? Object.keys(first) : undefined,
      rows,
      durationMs: timer ? Number(timer[1]) * 1000 : undefined,
      isUntyped: false,
    };
  },
};
