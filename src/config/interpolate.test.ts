import tap from 'tap';
import { interpolate } from './interpolate.ts';
import { serviceAddress } from './services.ts';

const spec = {
  image: 'postgres:15',
  environment: { POSTGRES_PASSWORD: 'x' },
  ports: [5432],
  command: undefined,
  wait: undefined,
  timeout: 60,
  url: undefined,
};
const bare = { ...spec, image: 'acme/app', environment: {}, ports: [] };
const references = {
  instance: { name: 'default-debian-12', suite: 'default', platform: 'debian-12' },
  services: { db: serviceAddress('db', spec), app: serviceAddress('app', bare) },
};
const value = (text: string) => interpolate(text, references);

await tap.test('references to services and to the instance are replaced inside a text', async (t) => {
  t.strictSame(value('host=${services.db.host} port=${services.db.port}'), { value: 'host=db port=5432' });
  t.strictSame(value('${services.db.env.POSTGRES_PASSWORD}!'), { value: 'x!' });
  t.strictSame(value('${instance.name}/${instance.suite}/${instance.platform}'), {
    value: 'default-debian-12/default/debian-12',
  });
});

await tap.test('a text that is only one reference takes the type of its value', async (t) => {
  t.strictSame(value('${services.db.port}'), { value: 5432 });
  t.strictSame(value('${services.db.url}'), { value: 'postgresql://postgres:x@db:5432/postgres' });
  t.strictSame(value(' ${services.db.port}'), { value: ' 5432' });
});

await tap.test('every other dollar brace is the user’s', async (t) => {
  for (const text of [
    '${token}',
    '$${HOME}',
    '${services}',
    '${PATH:-x}',
    '#{services.db}',
    '$services.db.port',
  ]) {
    t.strictSame(value(text), { value: text });
  }
});

await tap.test('two dollars escape a reference', async (t) => {
  t.strictSame(value('$${services.db.port} ${services.db.port}'), { value: '${services.db.port} 5432' });
  t.strictSame(value('$${instance.name}'), { value: '${instance.name}' });
});

await tap.test('unknown names are told with the nearest known one', async (t) => {
  t.match(value('${services.bd.url}'), { message: /has no service "bd"/, hint: 'did you mean "db"?' });
  t.match(value('x ${services.db.prot}'), { message: /has no "prot"/, hint: 'did you mean "port"?' });
  t.match(value('${services.db.env.POSTGRES_PASWORD}'), { hint: 'did you mean "POSTGRES_PASSWORD"?' });
  t.match(value('${instance.nam}'), { hint: 'did you mean "name"?' });
  t.match(value('${services.app.port}'), { message: /is not known/, hint: 'set services.app.ports' });
  t.match(value('${services.app.user}'), { message: /has no user/ });
  t.match(value('${services.toString.url}'), { message: /has no service "toString"/ });
  t.match(interpolate('${services.db.url}', { ...references, services: {} }), {
    hint: 'declare it under "services" of the suite',
  });
});
