import type { Driver } from '../core/driver.ts';
import { GalleyError } from '../core/errors.ts';
import type { InstanceConfig } from '../core/kitchen.ts';
import type { Transport } from '../core/transport.ts';

/** Services need a way to them: a network of the driver, a connection that leads back, or an address of the caller. */
export function assertServicesInReach(
  config: InstanceConfig,
  driver: Driver,
  transport: Transport,
  transportConfig: unknown,
): void {
  const names = Object.keys(config.services);
  if (names.length === 0 || driver.hostsServices === true || transport.leadsBack === true) return;
  if (transport.serviceAddress?.(transportConfig) !== undefined) return;
  const place = config.locate(['services']) ?? config.locate(['transport', 'name']);
  throw new GalleyError({
    code: 'config.services_out_of_reach',
    kind: 'config',
    message: `${config.instance.name} has services, which the transport ${transport.name} does not lead to its machine`,
    expected: transport.serviceAddress
      ? 'service_address: an address of this machine that its instances reach'
      : 'a driver or transport that leads to services',
    got: `services: ${names.join(', ')}`,
    hint: transport.serviceAddress
      ? 'transport: {service_address: auto} takes the address that this machine has towards the instance, as on a CI runner in the same VPC; transport: ssh needs none'
      : 'use driver: docker for suites with services',
    ...(place && { location: place }),
  });
}
