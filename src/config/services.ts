import type { ServiceAddress, ServiceSpec } from '../core/service.ts';
import { serviceKind } from './service-images.ts';

interface Login {
  readonly scheme: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: string | undefined;
  /** What follows host and port; `/database` when missing. */
  readonly rest?: string | undefined;
}

/**
 * Address of a service as its companions see it. User, password and database are those the official images make
 * from the environment, their defaults included. `port` is 0 when the service declares no port. Pure.
 */
export function serviceAddress(name: string, spec: ServiceSpec): ServiceAddress {
  const login = loginOf(spec);
  const port = spec.ports[0] ?? 0;
  return {
    host: name,
    port,
    url: spec.url ?? buildUrl(name, port, login),
    user: login.user,
    password: login.password,
    database: login.database,
    env: spec.environment,
  };
}

function loginOf(spec: ServiceSpec): Login {
  const env = (...keys: readonly string[]) =>
    keys.map((key) => spec.environment[key]).find((value) => value !== undefined && value !== '');
  switch (serviceKind(spec.image)) {
    case 'postgres': {
      const user = env('POSTGRES_USER', 'POSTGRESQL_USERNAME') ?? 'postgres';
      const password = env('POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD');
      return {
        scheme: 'postgresql',
        user,
        password,
        database: env('POSTGRES_DB', 'POSTGRESQL_DATABASE') ?? user,
      };
    }
    case 'mysql': {
      const user = env('MYSQL_USER', 'MARIADB_USER');
      const password =
        user === undefined
          ? env('MYSQL_ROOT_PASSWORD', 'MARIADB_ROOT_PASSWORD')
          : env('MYSQL_PASSWORD', 'MARIADB_PASSWORD');
      return {
        scheme: 'mysql',
        user: user ?? 'root',
        password,
        database: env('MYSQL_DATABASE', 'MARIADB_DATABASE'),
      };
    }
    case 'redis':
      // Only Bitnami's images read it; the official one has no password, and refuses clients that send one.
      return {
        scheme: 'redis',
        password: spec.image.includes('bitnami') ? env('REDIS_PASSWORD', 'VALKEY_PASSWORD') : undefined,
      };
    case 'mongo': {
      const user = env('MONGO_INITDB_ROOT_USERNAME', 'MONGODB_ROOT_USER');
      const password = env('MONGO_INITDB_ROOT_PASSWORD', 'MONGODB_ROOT_PASSWORD');
      const database = env('MONGO_INITDB_DATABASE', 'MONGODB_DATABASE');
      // The root user lives in the database `admin`, whichever one is used.
      const rest = `/${encode(database ?? '')}${user === undefined ? '' : '?authSource=admin'}`;
      return { scheme: 'mongodb', user, password, database, rest: rest === '/' ? '' : rest };
    }
    case 'rabbitmq': {
      const vhost = env('RABBITMQ_DEFAULT_VHOST');
      return {
        scheme: 'amqp',
        user: env('RABBITMQ_DEFAULT_USER') ?? 'guest',
        password: env('RABBITMQ_DEFAULT_PASS') ?? 'guest',
        rest: vhost === undefined || vhost === '/' ? '' : `/${encode(vhost)}`,
      };
    }
    case 'elasticsearch':
      return { scheme: 'http' };
    default:
      return { scheme: 'tcp' };
  }
}

function buildUrl(host: string, port: number, login: Login): string {
  const password = login.password === undefined ? '' : `:${encode(login.password)}`;
  const authority =
    login.user === undefined && password === '' ? '' : `${encode(login.user ?? '')}${password}@`;
  const rest = login.rest ?? (login.database === undefined ? '' : `/${encode(login.database)}`);
  return `${login.scheme}://${authority}${host}${port === 0 ? '' : `:${port}`}${rest}`;
}

/** Percent-encoding that also covers what encodeURIComponent leaves and some URL parsers trip over. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
