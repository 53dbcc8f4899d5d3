import { type LooksOf, type OneLook, withRepeat } from '../../src/checks/with-repeat.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { judgeSql } from './judge.ts';
import type { SqlFacts } from './observe.ts';
import { type SqlSpec, sqlSpec } from './schema.ts';

const one: OneLook<SqlSpec, SqlFacts> = {
  name: 'sql',
  description: 'a query to PostgreSQL, MySQL, MariaDB or SQLite: rows, value, columns, duration',
  spec: sqlSpec,
  title(spec) {
    const text = spec.sql.replace(/\s+/g, ' ').replace(/(password\s+)'[^']*'/gi, "$1'…'");
    return `sql ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
  },
  companions: (spec) => (spec.in === undefined || spec.in === 'instance' ? [] : [spec.in]),
  needs: () => ({}),
  // Its clients' formats need packages that a run without this check does not load.
  observe: async (spec, probe) => (await import('./observe.ts')).observeSql(spec, probe),
  judge: judgeSql,
};

/** A query through the database's own client, where the database is: nothing is installed, no port is published. */
export const sqlVerifier: Verifier<SqlSpec, LooksOf<SqlFacts>> = withRepeat(one);
