import tap from 'tap';
import type { ServiceSpec } from '../core/service.ts';
import { defaultPorts, serviceKind } from './service-images.ts';
import { serviceAddress } from './services.ts';

function service(image: string, environment: Record<string, string> = {}, more: Partial<ServiceSpec> = {}) {
  const ports = defaultPorts(image);
  return {
    image,
    environment,
    ports,
    command: undefined,
    wait: undefined,
    timeout: 60,
    url: undefined,
    ...more,
  };
}

const url = (image: string, env = {}) => serviceAddress('s', service(image, env)).url;

await tap.test('the kind of an image is the last part of its name', async (t) => {
  t.equal(serviceKind('postgres'), 'postgres');
  t.equal(serviceKind('registry.test:5000/team/mariadb:11@sha256:00'), 'mysql');
  t.equal(serviceKind('acme/postgres-exporter:1'), undefined);
  t.strictSame(defaultPorts('rabbitmq:3-management'), [5672]);
  t.strictSame(defaultPorts('acme/app'), []);
});

await tap.test('postgres: user postgres, database like the user, by default', async (t) => {
  const address = serviceAddress('db', service('postgres:15', { POSTGRES_PASSWORD: 'p@ss/w:rd' }));
  t.equal(address.url, 'postgresql://postgres:p%40ss%2Fw%3Ard@db:5432/postgres');
  t.match(address, { host: 'db', port: 5432, user: 'postgres', password: 'p@ss/w:rd', database: 'postgres' });
  t.equal(
    serviceAddress('db', service('postgres', { POSTGRES_USER: 'app', POSTGRES_PASSWORD: 'x' })).url,
    'postgresql://app:x@db:5432/app',
  );
  t.equal(
    serviceAddress('db', service('postgres', { POSTGRES_USER: 'app', POSTGRES_DB: 'shop' })).url,
    'postgresql://app@db:5432/shop',
  );
});

await tap.test('the other well-known images have their own scheme and variables', async (t) => {
  t.equal(url('mysql:8', { MYSQL_ROOT_PASSWORD: 'r' }), 'mysql://root:r@s:3306');
  t.equal(
    url('mariadb:11', { MARIADB_USER: 'u', MARIADB_PASSWORD: 'p', MARIADB_DATABASE: 'd' }),
    'mysql://u:p@s:3306/d',
  );
  t.equal(url('redis:7'), 'redis://s:6379');
  t.equal(url('bitnami/redis', { REDIS_PASSWORD: "it's" }), 'redis://:it%27s@s:6379');
  t.equal(url('mongo:7'), 'mongodb://s:27017');
  t.equal(
    url('mongo:7', {
      MONGO_INITDB_ROOT_USERNAME: 'a',
      MONGO_INITDB_ROOT_PASSWORD: 'b',
      MONGO_INITDB_DATABASE: 'd',
    }),
    'mongodb://a:b@s:27017/d?authSource=admin',
  );
  t.equal(url('rabbitmq:3'), 'amqp://guest:guest@s:5672');
  t.equal(url('rabbitmq:3', { RABBITMQ_DEFAULT_VHOST: '/shop' }), 'amqp://guest:guest@s:5672/%2Fshop');
  t.equal(url('elasticsearch:8.1.0'), 'http://s:9200');
  t.equal(url('memcached'), 'tcp://s:11211');
});

await tap.test('any other image: its first port, or none, or the URL it declares', async (t) => {
  t.equal(serviceAddress('app', service('acme/app', {}, { ports: [8080, 9090] })).url, 'tcp://app:8080');
  t.equal(serviceAddress('app', service('acme/app')).url, 'tcp://app');
  t.equal(serviceAddress('app', service('acme/app', {}, { url: 'ldap://app/x' })).url, 'ldap://app/x');
});
