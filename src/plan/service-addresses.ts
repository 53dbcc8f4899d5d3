import { serviceAddress } from '../config/services.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import type { ServiceAddress } from '../core/service.ts';

/** Addresses of the instance's companion services, by name. */
export function serviceAddresses(config: InstanceConfig): Readonly<Record<string, ServiceAddress>> {
  return Object.fromEntries(
    Object.entries(config.services).map(([name, spec]) => [name, serviceAddress(name, spec)]),
  );
}
