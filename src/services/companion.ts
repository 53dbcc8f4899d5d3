import { GenericContainer } from 'testcontainers';

/** A testcontainer that lives on the machine's network only and publishes on the loopback, and where it is told to. */
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

  /** The first address is the one that testcontainers itself looks at. */
  withPublished(ports: readonly number[], hostIps: readonly string[]): this {
    this.withExposedPorts(...ports);
    for (const port of ports)
      this.hostConfig.PortBindings[`${port}/tcp`] = hostIps.map((HostIp) => ({ HostIp, HostPort: '' }));
    return this;
  }
}
