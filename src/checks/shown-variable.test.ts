import tap from 'tap';
import { isShownWords, shownVariable } from './shown-variable.ts';

await tap.test('plain settings are shown', async (t) => {
  const rows = {
    RAILS_ENV: 'production',
    PORT: '8080',
    LANG: 'C.UTF-8',
    PASSENGER_APP_ENV: 'production',
    WEB_CONCURRENCY: '4',
    PYTHONPATH: '/srv/app/lib:/opt/x',
    BIND: '127.0.0.1:8000',
    ALLOWED_HOSTS: 'shop.example.com,localhost',
    ADMIN_MAIL: 'admin@example.com',
    JAVA_OPTS: '-Xmx512m -Dfile.encoding=UTF-8',
    EMPTY: '',
    CACHE_URL: 'redis://cache:6379/0',
    API_BASE: 'https://api.example.com/v2/',
  };
  for (const [name, value] of Object.entries(rows))
    t.equal(shownVariable(name, value), JSON.stringify(value), name);
});

await tap.test('of the URL of a database all but the password is shown', async (t) => {
  t.equal(
    shownVariable('DATABASE_URL', 'postgres://shop:s3cr%25t@db:5432/shop'),
    '"postgres://shop:‹6 chars›@db:5432/shop"',
  );
  t.equal(shownVariable('CACHE_URL', "redis://:it's@cache/0"), '"redis://:‹4 chars›@cache/0"');
});

await tap.test('what may be secret by its name or its looks is not shown', async (t) => {
  const rows: readonly (readonly [string, string])[] = [
    ['DB_PASSWORD', 'production'],
    ['API_KEY', 'abc'],
    ['SECRET_TOKEN', 'abc'],
    ['PGPASS', 'abc'],
    ['APP_AUTH', 'hunter'],
    ['JWT_SIGNING', 'hunter'],
    ['AWS_ACCESS_KEY_ID', 'x'],
    ['CLIENT_ID', 'x'],
    ['SENTRY_DSN', 'https://sentry.example.com/1'],
    ['X', 'hunter:two@db'],
    ['X', 'scott/tiger@orcl'],
    ['X', 'host=db password=hunter'],
    ['X', 'Server=db;Pwd=hunter'],
    ['X', 'Pwd=hunter'],
    ['X', 'Bearer hunter'],
    ['X', '-Dtoken=hunter'],
    ['X', 'p@ss!word'],
    ['X', 'sk_live_51H8abcDEF'],
    ['X', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['X', 'AKIAIOSFODNN7EXAMPLE'],
    ['X', '123e4567-e89b-12d3-a456-426614174000'],
    ['X', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ'],
    ['X', 'line\nline'],
    ['X', 'x'.repeat(200)],
    ['URL', 'https://t0ken@api.example.com/'],
    ['URL', 'https://user:pw@api.example.com/'],
    ['URL', 'https://hooks.example.com/services/T0001/B0002/XXXXXXXX4711'],
    ['URL', 'https://api.example.com/?sig=1'],
    ['URL', 'postgres://u:8675/309@db/x'],
    ['URL', 'postgres://u:8675#309@db/x'],
    ['URL', 'postgres://u@x:p@y@db/x'],
    ['URL', 'postgres://token@db/x'],
    ['URL', 'postgres://u:p@db/x?password=hidden'],
    ['URL', 'amqp://a:b@h1,amqp://c:d@h2'],
    ['URL', 'jdbc:postgresql://u:p@h/x'],
  ];
  for (const [name, value] of rows) t.equal(shownVariable(name, value), undefined, `${name}=${value}`);
});

await tap.test('expectations are shown by the same rule', async (t) => {
  t.ok(isShownWords('RAILS_ENV', 'one of "production", "staging"'));
  t.ok(isShownWords('PATH', 'contains "/opt/bin"'));
  t.notOk(isShownWords('API_KEY', 'contains "a"'));
  t.notOk(isShownWords('X', 'contains "u:p@h"'));
  t.notOk(isShownWords('X', 'starts with "ghp_16C7e42F292c69"'));
});
