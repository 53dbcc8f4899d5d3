import tap from 'tap';
import { sqlSpec } from './schema.ts';
import { literal, problemOf, withParameters } from './statement.ts';

await tap.test('parameters become literals; quotes, comments and casts stay as they are', (t) => {
  const sql =
    "SELECT ':no', \"a:no\", x::int, $f$ :no $f$, E'\\':no' -- :no\n FROM t WHERE id = :id /* :no; */ ;";
  const filled = withParameters(sql, { id: -1 }, 'postgres');
  t.match(filled, /WHERE id = {2}\(-1\) /);
  t.match(filled, /':no', "a:no", x::int, \$f\$ :no \$f\$, E'\\':no' -- :no/);
  t.notMatch(filled, /;\s*$/);
  t.match(
    withParameters("SELECT 'it\\'s :no', `:no` WHERE a = :a", { a: 1 }, 'mysql'),
    /'it\\'s :no', `:no` WHERE a = {2}1/,
  );
  t.equal(problemOf(sql, ['id'], 'postgres'), undefined);
  t.end();
});

await tap.test('nothing breaks out of a literal', (t) => {
  const evil = "\\'; DROP TABLE x; -- ";
  t.equal(literal(evil, 'postgres'), "E'\\\\''; DROP TABLE x; -- '");
  t.match(literal(evil, 'mysql'), /^_utf8mb4 X'[0-9a-f]+'$/);
  t.match(literal(evil, 'sqlite'), /^CAST\(X'[0-9a-f]+' AS TEXT\)$/);
  t.same(
    [literal(null, 'mysql'), literal(true, 'postgres'), literal(true, 'sqlite'), literal(1.5, 'mysql')],
    ['NULL', 'TRUE', '1', '1.5'],
  );
  t.end();
});

await tap.test('what could do more than ask is refused', (t) => {
  const wrong = [
    { sql: 'SELECT 1; DROP TABLE x' },
    { sql: 'SELECT 1 \\! rm -rf /' },
    { sql: 'SELECT :id' },
    { sql: 'SELECT 1', params: { id: 1 } },
    { sql: 'SELECT :a', params: { a: 'x\0' } },
    { sql: '' },
    { sql: 'SELECT 1', error: 'auth', rows: 1 },
    { sql: 'SELECT 1', error: 'autth' },
    { sql: 'SELECT 1', engine: 'sqlite' },
    { sql: 'SELECT 1', rows: [] },
    { sql: 'SELECT 1', row: 1 },
  ];
  for (const raw of wrong)
    t.notOk(sqlSpec.safeParse('error' in raw ? raw : { value: 1, ...raw }).success, JSON.stringify(raw));
  for (const good of ["SELECT 'a;b'", 'SELECT 1;', "SELECT 'it\\'s'", 'SELECT 1; -- done', "SELECT E'\\n'"])
    t.ok(sqlSpec.safeParse({ sql: good, value: 1 }).success, good);
  t.end();
});
