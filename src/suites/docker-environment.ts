import type { Endpoint } from '../core/endpoint.ts';

/** Variables by which clients of the engine find it: docker-api of Ruby, and Docker's own command line. */
export function dockerEnvironment(endpoint: Endpoint): Readonly<Record<string, string>> {
  return endpoint.kind === 'docker' ? { DOCKER_URL: endpoint.engine, DOCKER_HOST: endpoint.engine } : {};
}
