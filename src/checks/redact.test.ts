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
  t.equal(describeValue('sesame', { secret: true }), '‹6 chars›');
  t.equal(describeValue(['a', 'bb'], { secret: true }), '[‹1 chars›, ‹2 chars›]');
});
