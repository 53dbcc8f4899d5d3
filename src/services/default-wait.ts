import type { ServiceSpec, ServiceWait } from '../core/service.ts';

/** What the image says of itself, as far as readiness depends on it. */
export interface ImageFacts {
  readonly hasHealthCheck: boolean;
  /** TCP ports of its EXPOSE lines. */
  readonly exposedPorts: readonly number[];
}

/**
 * What is waited for when the config does not say: a health check of the image, else every declared port (or exposed
 * one) listening. PostgreSQL is also asked whether it accepts connections: it listens a moment before it does.
 * Undefined: there is nothing to look at but that the container runs.
 */
export function defaultWait(spec: ServiceSpec, image: ImageFacts): ServiceWait | undefined {
  const ports = spec.ports.length > 0 ? spec.ports : image.exposedPorts;
  const waits: ServiceWait[] = ports.map((port) => ({ port }));
  const [first] = ports;
  if (isPostgres(spec.image) && first !== undefined) {
    waits.push({ command: `pg_isready -q -h 127.0.0.1 -p ${first}` });
  } else if (image.hasHealthCheck) return { health: true };
  return waits.length <= 1 ? waits[0] : { all: waits };
}

/** By the last path component: `postgres:16`, `galley/postgres`, `postgis/postgis`, `registry:5000/x/postgres`. */
export function isPostgres(image: string): boolean {
  return /(^|\/)(postgres|postgresql|postgis)(:[^/]*)?(@.*)?$/.test(image);
}

/** What is waited for, in words for a message. */
export function describeWait(wait: ServiceWait | undefined): string {
  if (wait === undefined) return 'it to stay up';
  if ('port' in wait) return `port ${wait.port} to listen`;
  if ('log' in wait)
    return `"${wait.log}" in its log${wait.times === undefined ? '' : ` ${wait.times} times`}`;
  if ('command' in wait) return `\`${wait.command}\` to succeed`;
  if ('health' in wait) return 'its health check';
  if ('http' in wait) return `HTTP ${wait.http.status ?? '2xx'} of port ${wait.http.port} ${wait.http.path}`;
  return wait.all.map(describeWait).join(' and ');
}
