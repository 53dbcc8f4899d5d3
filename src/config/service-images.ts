/** Kinds of images that the conventions for addresses are known of. */
export type ServiceKind =
  | 'postgres'
  | 'mysql'
  | 'redis'
  | 'mongo'
  | 'rabbitmq'
  | 'memcached'
  | 'elasticsearch';

const KINDS: Readonly<Record<string, ServiceKind>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  postgis: 'postgres',
  pgvector: 'postgres',
  timescaledb: 'postgres',
  mysql: 'mysql',
  'mysql-server': 'mysql',
  mariadb: 'mysql',
  percona: 'mysql',
  redis: 'redis',
  valkey: 'redis',
  'redis-stack-server': 'redis',
  mongo: 'mongo',
  mongodb: 'mongo',
  rabbitmq: 'rabbitmq',
  memcached: 'memcached',
  elasticsearch: 'elasticsearch',
  opensearch: 'elasticsearch',
};

const PORTS: Readonly<Record<ServiceKind, number>> = {
  postgres: 5432,
  mysql: 3306,
  redis: 6379,
  mongo: 27017,
  rabbitmq: 5672,
  memcached: 11211,
  elasticsearch: 9200,
};

/** What runs in an image, by the last part of its name: `registry:5000/team/postgres:15@sha256:…` is `postgres`. */
export function serviceKind(image: string): ServiceKind | undefined {
  const last = image.replace(/@.*$/, '').split('/').at(-1) ?? '';
  return KINDS[last.replace(/:.*$/, '').toLowerCase()];
}

/** The main port of a well-known image. */
export function defaultPorts(image: string): readonly number[] {
  const kind = serviceKind(image);
  return kind === undefined ? [] : [PORTS[kind]];
}
