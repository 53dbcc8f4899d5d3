import { GenericContainer } from 'testcontainers';

/** A testcontainer that lives on the machine's network only and publishes on the loopback only. */
export class Companion extends GenericContainer {
  /** `withNetworkAliases` would put it on the default bridge as well, where it meets other projects. */
  withOnlyNetwork(network: string, alias: string): this {
    this.withNetworkMode(network);
    this.createOpts = {
      ...this.createOpts,
      Hostname: alias.slice(0, 63),
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [alias] } } },
    };
    return this;
  }

  withPublished(ports: readonly number[], hostIp: string): this {
    this.withExposedPorts(...ports);
    for (const port of ports)
      this.hostConfig.PortBindings[`${port}/tcp`] = [{ HostIp: hostIp, HostPort: '' }];
    return this;
  }
}
