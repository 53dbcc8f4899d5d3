import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import { parseChecks } from '../src/checks/parse-checks.ts';
import { attributeCoverage } from './attribute-coverage.ts';
import { type CheckRow, verifiers } from './check-table.ts';
import { ALL_ROWS } from './rows/index.ts';

await tap.test(
  'every attribute of every check type is in a check that passes and in one that fails on a real instance',
  (t) => {
    const all = attributeCoverage(verifiers, ALL_ROWS);
    t.ok(all.length > 400, 'the schemas tell the attributes');
    const missing = all.flatMap(({ type, key, passes, fails }) => [
      ...(passes ? [] : [`${type}.${key}: no row passes`]),
      ...(fails ? [] : [`${type}.${key}: no row fails`]),
    ]);
    t.same(missing, [], 'add rows to test/rows');
    t.end();
  },
);

await tap.test('every row is a check, not a config error', (t) => {
  const at = { pathPrefix: ['checks'], locate: () => undefined };
  for (const [item] of ALL_ROWS) {
    const parsed = parseChecks([item], verifiers, at);
    if ('errors' in parsed) t.fail(`${JSON.stringify(item)}: ${parsed.errors[0]?.message}`);
  }
  t.end();
});

await tap.test('each table of rows is held against an instance by a Docker test', (t) => {
  const folder = join(import.meta.dirname, 'integration');
  const tests = readdirSync(folder)
    .filter((name) => name.endsWith('.docker.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const rows = join(import.meta.dirname, 'rows');
  for (const name of readdirSync(rows).filter((one) => one !== 'index.ts')) {
    const text = readFileSync(join(rows, name), 'utf8');
    for (const [, table = ''] of text.matchAll(/^export const (\w+): readonly CheckRow/gm))
      t.match(
        tests,
        new RegExp(`(checkTable\\(|\\.\\.\\.|AROUND\\.)[^;]*\\b${table}\\b|\\b${table}\\.length`),
        `${name}: ${table}`,
      );
  }
  t.end();
});

await tap.test('a row counts for the attributes that its check has, by outcome', (t) => {
  const of = (...rows: CheckRow[]) =>
    attributeCoverage(new Map([...verifiers].filter(([name]) => name === 'port')), rows);
  const find = (coverage: ReturnType<typeof of>, key: string) => coverage.find((one) => one.key === key);
  const seen = of(
    [{ port: 80, owner: { name: 'x' } }, 'pass'],
    [{ port: 80, owner: { user: 'x' } }, 'fail'],
    [{ port: 80, family: 'ipv4' }, 'error'],
    [{ process: 'x', user: 'x' }, 'pass'],
  );
  t.match(find(seen, 'owner.name'), { passes: true, fails: false });
  t.match(find(seen, 'owner.user'), { passes: false, fails: true });
  t.match(find(seen, 'port'), { passes: true, fails: true });
  t.match(find(seen, 'family'), { passes: false, fails: false });
  t.notOk(find(seen, 'user'));
  t.end();
});
