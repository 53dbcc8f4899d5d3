import { asMeantCell } from '../../src/checks/as-meant.ts';
import { holds } from '../../src/checks/holds.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import { describeValue, isSecretName, redactText } from '../../src/checks/redact.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { Cell, SqlAnswer, SqlRow } from './answer.ts';
import type { SqlFacts } from './observe.ts';
import type { SqlErrorKind, SqlSpec } from './schema.ts';

const WORDS: Readonly<Record<SqlErrorKind, string>> = {
  refused: 'connection refused',
  unreachable: 'server not reachable',
  auth: 'login refused',
  database: 'no such database',
  sql: 'the statement failed',
  timeout: 'timeout',
};

const CAUSES: Readonly<Record<SqlErrorKind, string>> = {
  refused: 'cause: the server does not run, or listens elsewhere',
  unreachable: 'cause: the name does not resolve, or nothing routes there',
  auth: 'cause: user or password differ from those the server was made with (its data may be older than its settings)',
  database: 'cause: the database was never made, or has another name',
  sql: 'cause: see the words above: migrations that have not run, or a typo',
  timeout: 'cause: a lock that somebody holds, or a query without an index; timeout: gives it longer',
};

/** Pure. No answer gates the rest. The schema wants something to be expected. */
export function judgeSql(spec: SqlSpec, { answer, source }: SqlFacts): CheckResult[] {
  if (spec.error) return [judgeError(spec.error, answer, source)];
  if (answer.kind === 'error') {
    const { error, text } = answer;
    return [
      {
        property: 'answer',
        outcome: 'fail',
        expected: 'an answer',
        observed: `${WORDS[error]}: ${redactText(text)}`,
        source,
        notes: [CAUSES[error]],
      },
    ];
  }
  const results: CheckResult[] = [];
  const notes = shownRows(answer.rows);
  if (Array.isArray(spec.rows)) results.push(...judgeRows(spec.rows, answer, source));
  else if (spec.rows) results.push(judgeValue('rows', answer.rows.length, spec.rows, { source, notes }));
  if (spec.value) results.push(judgeOne(spec.value, answer, source));
  if (spec.columns) {
    results.push(
      answer.columns
        ? judgeValue('columns', answer.columns, spec.columns, { source })
        : cannotLook(
            'columns',
            describeMatcher(spec.columns),
            'this client names no columns without rows',
            source,
          ),
    );
  }
  if (spec.duration) {
    results.push(
      answer.durationMs === undefined
        ? cannotLook('duration', describeMatcher(spec.duration), 'the client told no time', source)
        : judgeValue('duration', Math.round(answer.durationMs * 10) / 10, spec.duration, { source }),
    );
  }
  return results;
}

function judgeError(wanted: Matcher, answer: SqlAnswer, source: string): CheckResult {
  if (answer.kind === 'error') {
    const notes = [redactText(answer.text), CAUSES[answer.error]];
    return judgeValue('error', answer.error, wanted, { source, notes });
  }
  const observed = `answered with ${answer.rows.length} rows`;
  return { ...judgeValue('error', 'none', wanted, { source }), observed };
}

type Rows = Extract<SqlAnswer, { kind: 'rows' }>;

function judgeRows(
  wanted: readonly Readonly<Record<string, Matcher>>[],
  answer: Rows,
  source: string,
): CheckResult[] {
  return wanted.map((row, index): CheckResult => {
    const expected = Object.entries(row)
      .map(([name, one]) => `${name} ${describeMatcher(one, { secret: isSecretName(name) })}`)
      .join(', ');
    const unknown = Object.keys(row).find((name) => answer.columns && !answer.columns.includes(name));
    const property = `rows[${index}]`;
    if (unknown !== undefined) {
      const observed = `no column ${unknown}: ${answer.columns?.join(', ')}`;
      return { property, outcome: 'fail', expected, observed, source };
    }
    const found = answer.rows.find((one) =>
      Object.entries(row).every(([name, matcher]) => cellHolds(one[name], matcher, answer.isUntyped)),
    );
    if (found) return { property, outcome: 'pass', expected, observed: describeValue(found), source };
    const observed = `no such row among ${answer.rows.length}`;
    return { property, outcome: 'fail', expected, observed, source, notes: shownRows(answer.rows) };
  });
}

/** Some clients print texts only: `42` is then looked at as a number and as a text. */
function cellHolds(cell: Cell, matcher: Matcher, isUntyped: boolean): boolean {
  return holds(isUntyped ? asMeantCell(cell, matcher) : cell, matcher);
}

function judgeOne(wanted: Matcher, answer: Rows, source: string): CheckResult {
  const [row] = answer.rows;
  const columns = row ? Object.keys(row) : [];
  if (answer.rows.length > 1 || columns.length > 1) {
    const observed = `${answer.rows.length} rows with ${columns.length} columns`;
    const expected = `one value, ${describeMatcher(wanted)}`;
    return { property: 'value', outcome: 'fail', expected, observed, source, notes: shownRows(answer.rows) };
  }
  const [name = ''] = columns;
  const cell = row?.[name];
  const notes = row ? [] : ['the query gave no row'];
  return judgeValue('value', answer.isUntyped ? asMeantCell(cell, wanted) : cell, wanted, {
    source,
    notes,
    secret: isSecretName(name),
  });
}

function shownRows(rows: readonly SqlRow[]): string[] {
  const more = rows.length > 3 ? [`and ${rows.length - 3} more rows`] : [];
  return [...rows.slice(0, 3).map((row) => `row: ${describeValue(row)}`), ...more];
}
