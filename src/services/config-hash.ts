import { digestOf } from '../core/digest.ts';
import type { ServiceSpec } from '../core/service.ts';

/** Changes whenever the container would be made differently; how it is waited for is no part of it. */
export function serviceHash(spec: ServiceSpec, imageId: string, network: string, openAt?: string): string {
  const { environment, ports, command } = spec;
  const sorted = Object.entries(environment).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const inputs = [
    imageId,
    network,
    sorted,
    ports,
    command ?? null,
    ...(openAt === undefined ? [] : [openAt]),
  ];
  return digestOf(inputs).slice(0, 16);
}
