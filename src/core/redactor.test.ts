import tap from 'tap';
import { createRedact } from './redactor.ts';

await tap.test('a secret is masked wherever it turns up, also inside a URL', async (t) => {
  const redact = createRedact(['100%-n0t@home']);
  t.same(
    redact({
      line: 'url is postgresql://shop:100%25-n0t%40home@db/shop',
      details: ['password 100%-n0t@home!'],
      count: 3,
      none: undefined,
    }),
    {
      line: 'url is postgresql://shop:[redacted]@db/shop',
      details: ['password [redacted]!'],
      count: 3,
      none: undefined,
    },
  );
});

await tap.test('a secret inside another one does not leave its rest behind', async (t) => {
  t.equal(
    createRedact(['hunter', 'hunter2-long'])('a hunter2-long b hunter c'),
    'a [redacted] b [redacted] c',
  );
});

await tap.test('very short values are not masked: they would hide innocent text', async (t) => {
  t.equal(createRedact(['a', 'db'])('a db'), 'a db');
});

await tap.test('names of instances stay as they are, reporters sort by them', async (t) => {
  const event = { type: 'progress', instance: 'secret-app-debian-12', text: 'secret-app' };
  t.same(createRedact(['secret-app'])(event), { ...event, text: '[redacted]' });
});

await tap.test('a key of several lines is masked line by line, as output comes', async (t) => {
  const redact = createRedact(['-----BEGIN KEY-----\nMIIEowIBAAKCAQEA7b\n}\n']);
  t.equal(redact('line: MIIEowIBAAKCAQEA7b'), 'line: [redacted]');
  t.equal(redact('}'), '}');
});

await tap.test('the id of a check that names a secret does not show it', async (t) => {
  t.equal(createRedact(['S3cret Word!'])('command.mysql-ps3cret-word-x'), 'command.mysql-p[redacted]-x');
});
