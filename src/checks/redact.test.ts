import tap from 'tap';
import { describeValue, isSecretName, redactText } from './redact.ts';

await tap.test('secrets are known by their names', async (t) => {
  for (const name of [
    'PGPASSWORD',
    'db_pass',
    'AWS_SECRET_ACCESS_KEY',
    'API_KEY',
    'GITHUB_TOKEN',
    'x-credential',
  ]) {
    t.ok(isSecretName(name), name);
  }
  for (const name of ['PATH', 'DATABASE_URL', 'PASSIVE_MODE', 'PASSENGER_ROOT', 'LANG'])
    t.notOk(isSecretName(name), name);
});

await tap.test('secrets inside a text are replaced by their length', async (t) => {
  const rows: [string, string][] = [
    ['postgres://app:sesame@db:5432/x', 'postgres://app:‹6 chars›@db:5432/x'],
    ['redis://:sesame@cache/0', 'redis://:‹6 chars›@cache/0'],
    ['DB_PASSWORD=sesame\nPORT=80', 'DB_PASSWORD=‹6 chars›\nPORT=80'],
    ['{"api_key": "sesame", "a": 1}', '{"api_key": ‹6 chars›, "a": 1}'],
    ['http://localhost/?token=sesame&q=1', 'http://localhost/?token=‹6 chars›&q=1'],
    [
      '{"password":98765432},"tokens":["abc","d"],"a":1}',
      '{"password":‹8 chars›},"tokens":‹11 chars›,"a":1}',
    ],
    ['{"secrets": {"a": "b"}, "c": 1}', '{"secrets": ‹10 chars›, "c": 1}'],
    ["DB_PASSWORD=a,b'c;d PORT=80", 'DB_PASSWORD=‹7 chars› PORT=80'],
    ['authorization: Bearer sesame\r\nhost: x', 'authorization: Bearer ‹6 chars›\r\nhost: x'],
    ['Proxy-Authorization: Basic c2VzYW1l', 'Proxy-Authorization: Basic ‹8 chars›'],
    ['{"Authorization": "Bearer sesame", "a": 1}', '{"Authorization": "Bearer ‹6 chars›", "a": 1}'],
    ['Cookie: sid=sesame; a=b\r\nHost: x', 'Cookie: ‹15 chars›\r\nHost: x'],
    ['set-cookie: sid=sesame', 'set-cookie: ‹10 chars›'],
    ['authorization failed for joe', 'authorization failed for joe'],
    ['the cookie jar', 'the cookie jar'],
    ['http://localhost:8080/items', 'http://localhost:8080/items'],
    ['mailto:joe@example.org at 10:30', 'mailto:joe@example.org at 10:30'],
  ];
  for (const [text, shown] of rows) t.equal(redactText(text), shown);
  t.equal(redactText(redactText('TOKEN=sesame')), 'TOKEN=‹6 chars›', 'twice is as good as once');
});

await tap.test('values are shown on one line, cut, and with secret members hidden', async (t) => {
  t.equal(describeValue('a\nb'), '"a\\nb"');
  t.equal(describeValue(undefined), 'not set');
  t.match(describeValue('x'.repeat(1000)), /… \(1000 chars\)$/);
  t.equal(
    describeValue({ password: 'sesame', url: 'x://a:b@c' }),
    '{"password":"‹6 chars›","url":"x://a:‹1 chars›@c"}',
  );
  t.equal(
    describeValue({ password: 12345, tokens: ['sesame'], secrets: { a: 'b' }, key: 3, pass: null }),
    '{"password":"‹5 chars›","tokens":"[‹6 chars›]","secrets":"‹9 chars›","key":3,"pass":null}',
  );
  t.equal(describeValue('sesame', { secret: true }), '‹6 chars›');
  t.equal(describeValue(['a', 'bb'], { secret: true }), '[‹1 chars›, ‹2 chars›]');
});

await tap.test('no text keeps the process busy for ever', async (t) => {
  for (const part of ['a.', 'a-', 'secret', 'token: [', 'http://', '"token":'])
    t.type(redactText(part.repeat(30_000)), 'string', part);
});
