import tap from 'tap';
import type { SqlTarget } from './answer.ts';
import { parseCsv } from './csv.ts';
import { mysqlClient } from './mysql.ts';
import { postgresClient } from './postgres.ts';
import { sqliteClient } from './sqlite.ts';

const target: SqlTarget = {
  host: 'db',
  port: 1,
  user: 'app',
  password: 'n0t-s3cret',
  database: 'shop',
  timeoutMs: 1500,
};
const ok = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' });
const bad = (exitCode: number, stderr: string) => ({ exitCode, stdout: '', stderr });

await tap.test('a password is never on a command line', (t) => {
  for (const client of [postgresClient, mysqlClient, sqliteClient]) {
    const { argv, stdin } = client.command('SELECT 1', target);
    t.notMatch(argv.join(' ') + stdin, 'n0t-s3cret');
  }
  t.match(postgresClient.command('SELECT 1', target).env, {
    PGPASSWORD: 'n0t-s3cret',
    PGCONNECT_TIMEOUT: '2',
  });
  t.match(mysqlClient.command('SELECT 1', target).env, { MYSQL_PWD: 'n0t-s3cret' });
  t.end();
});

await tap.test('CSV with quotes, line ends and empty fields', (t) => {
  t.same(parseCsv('a,b\n1,\n"x ""y""\nz",","\n'), [
    ['a', 'b'],
    ['1', ''],
    ['x "y"\nz', ','],
  ]);
  t.same(parseCsv(''), []);
  t.same(parseCsv('a\n\n'), [['a'], ['']]);
  t.end();
});

await tap.test('psql: values by the type of their column', (t) => {
  const described =
    'Column,Type\nid,integer\nbig,bigint\nok,boolean\ndoc,jsonb\nname,character varying(9)\nn,text\n';
  const rows =
    'id,big,ok,doc,name,n\n1,9007199254740993,t,"{""a"": [1]}",007,galley-null-3f7a1c\n2,3,f,null,,x\n';
  const answer = postgresClient.answer(ok(`${described}galley-result-3f7a1c\n${rows}Time: 1.250 ms\n`));
  t.match(answer, {
    columns: ['id', 'big', 'ok', 'doc', 'name', 'n'],
    rows: [
      { id: 1, big: '9007199254740993', ok: true, doc: { a: [1] }, name: '007', n: null },
      { id: 2, big: 3, ok: false, doc: null, name: '', n: 'x' },
    ],
    durationMs: 1.25,
  });
  const none = 'The command has no result, or the result has no columns.\n';
  t.match(postgresClient.answer(ok(`${none}galley-result-3f7a1c\nTime: 2000.1 ms (00:02.000)\n`)), {
    rows: [],
    columns: [],
    durationMs: 2000.1,
  });
  t.end();
});

await tap.test('psql: refusals told apart', (t) => {
  const head = 'psql: error: connection to server at "db" (1.2.3.4), port 5432 failed: ';
  const rows: [number, string, string][] = [
    [2, `${head}Connection refused\n\tIs the server running on that host`, 'refused'],
    [2, `${head}FATAL:  password authentication failed for user "x"`, 'auth'],
    [2, `${head}fe_sendauth: no password supplied`, 'auth'],
    [2, `${head}FATAL:  database "nope" does not exist`, 'database'],
    [
      2,
      'psql: error: could not translate host name "d" to address: Name or service not known',
      'unreachable',
    ],
    [2, `${head}timeout expired`, 'timeout'],
    [3, 'ERROR:  42P01: relation "x" does not exist\nLINE 1: …\nLOCATION: parserOpenTable', 'sql'],
    [3, 'ERROR:  57014: canceling statement due to statement timeout', 'timeout'],
  ];
  for (const [exit, stderr, error] of rows)
    t.match(postgresClient.answer(bad(exit, stderr)), { kind: 'error', error }, stderr);
  t.match(postgresClient.answer(bad(3, rows[6]?.[1] ?? '')), { text: 'relation "x" does not exist (42P01)' });
  t.throws(() => postgresClient.answer(bad(139, 'Segmentation fault')), /psql failed \(exit 139\)/);
  t.end();
});

const xml = (fields: string): string =>
  `<?xml version="1.0"?>\n\n<resultset statement="x"\n xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n${fields}</resultset>\n`;
const time = (us: number): string => xml(`  <row>\n\t<field name="galley_time">${us}</field>\n  </row>\n`);

await tap.test('mysql: XML, where NULL is not a text', (t) => {
  const row =
    '  <row>\n\t<field name="id">42</field>\n\t<field name="zip">007</field>\n\t<field name="n" xsi:nil="true" />\n\t<field name="s">a &lt;b&gt;&amp; NULL </field>\n\t<field name="e"></field>\n  </row>\n';
  t.match(mysqlClient.answer(ok(time(1_000_000) + xml(row) + time(1_002_500))), {
    columns: ['id', 'zip', 'n', 's', 'e'],
    rows: [{ id: 42, zip: '007', n: null, s: 'a <b>& NULL ', e: '' }],
    durationMs: 2.5,
    isUntyped: true,
  });
  t.match(mysqlClient.answer(ok(time(1) + xml('') + time(2))), { rows: [], columns: undefined });
  t.match(mysqlClient.answer(ok(time(1) + time(2))), { rows: [] }, 'an UPDATE gives no result');
  t.throws(() => mysqlClient.answer(ok('')), /not the XML/);
  t.end();
});

await tap.test('mysql: refusals told apart', (t) => {
  const rows: [string, string][] = [
    ["ERROR 1045 (28000): Access denied for user 'x'@'y' (using password: YES)", 'auth'],
    ["ERROR 1049 (42000): Unknown database 'x'", 'database'],
    ["ERROR 2003 (HY000): Can't connect to MySQL server on 'db:3306' (111)", 'refused'],
    ["ERROR 2002 (HY000): Can't connect to local server through socket", 'refused'],
    ["ERROR 2005 (HY000): Unknown server host 'x' (-2)", 'unreachable'],
    ["ERROR 1146 (42S02) at line 2: Table 'a.b' doesn't exist", 'sql'],
  ];
  for (const [stderr, error] of rows) t.match(mysqlClient.answer(bad(1, stderr)), { error }, stderr);
  t.throws(() => mysqlClient.answer(bad(1, 'mysql: unknown option')), /the client failed/);
  t.end();
});

await tap.test('sqlite', (t) => {
  t.match(sqliteClient.answer(ok('[{"n":1,"s":null}]\nRun Time: real 0.002 user 0.001000 sys 0.000000\n')), {
    rows: [{ n: 1, s: null }],
    durationMs: 2,
  });
  t.match(sqliteClient.answer(ok('Run Time: real 0.000 user 0 sys 0\n')), { rows: [], columns: undefined });
  t.match(sqliteClient.answer(bad(1, 'Error: in prepare, no such table: x (1)')), { error: 'sql' });
  t.match(sqliteClient.answer(bad(1, 'Error: unable to open database "/x": unable to open database file')), {
    error: 'database',
  });
  t.end();
});
