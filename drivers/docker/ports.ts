/** A published port: `hostPort` 0 lets the engine choose. */
export interface PortBinding {
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp';
  /** Undefined: where only this machine reaches it. */
  readonly hostIp: string | undefined;
  readonly hostPort: number;
}

const LOOPBACK = '127.0.0.1';

/**
 * Reads the syntax of `docker run --publish`: `80`, `8080:80`, `0.0.0.0:8080:80`, `[::1]::80`, ranges `8000-8005` on
 * both sides, `/udp`. Without an address the port is published on 127.0.0.1 (the peers: on every address). Undefined
 * when it is none of these.
 */
export function parsePort(spec: string): readonly PortBinding[] | undefined {
  const match = /^(?:(?:(\[[^\]]+\]|[\d.]+):)?(\d+(?:-\d+)?)?:)?(\d+(?:-\d+)?)(?:\/(tcp|udp))?$/.exec(spec);
  if (!match) return undefined;
  const [, address, outside, inside = '', protocol = 'tcp'] = match;
  const container = range(inside);
  const host = outside === undefined ? container.map(() => 0) : range(outside);
  const all = [...container, ...host];
  if (container.length === 0 || container.length !== host.length || all.some((port) => port > 65_535)) {
    return undefined;
  }
  return container.map((containerPort, at) => ({
    containerPort,
    protocol: protocol as PortBinding['protocol'],
    hostIp: address?.replace(/^\[|\]$/g, ''),
    hostPort: host[at] ?? 0,
  }));
}

function range(text: string): number[] {
  const [from = 0, to = from] = text.split('-').map(Number);
  return to < from || to - from > 1000 ? [] : Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** What is published: the config's ports, and those that checks reach and that are not among them. */
export function withHostPorts(
  bindings: readonly PortBinding[],
  hostPorts: readonly number[],
): readonly PortBinding[] {
  const known = new Set(bindings.filter((one) => one.protocol === 'tcp').map((one) => one.containerPort));
  const extra = [...new Set(hostPorts)]
    .filter((port) => !known.has(port))
    .map(
      (containerPort): PortBinding => ({ containerPort, protocol: 'tcp', hostIp: undefined, hostPort: 0 }),
    );
  return [...bindings, ...extra];
}

/**
 * Where ports without an address are published: on the loopback, but for a remote engine, whose loopback is not ours.
 */
export function defaultHostIp(isLocalEngine: boolean): string {
  return isLocalEngine ? LOOPBACK : '0.0.0.0';
}

/** Host name under which this machine reaches what the engine at `address` publishes on all its addresses. */
function engineHost(address: string): string {
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  return host === '' ? LOOPBACK : host;
}

interface Published {
  readonly HostIp: string;
  readonly HostPort: string;
}

/** TCP port of the container → where it is reached, from what the engine says of a running container. */
export function publishedPorts(
  ports: Readonly<Record<string, readonly Published[] | null | undefined>>,
  engine: string,
): Record<string, { host: string; port: number }> {
  const found: Record<string, { host: string; port: number }> = {};
  for (const [key, bindings] of Object.entries(ports)) {
    const binding = bindings?.find((one) => !one.HostIp.includes(':')) ?? bindings?.[0];
    if (!key.endsWith('/tcp') || !binding) continue;
    const isAny = ['', '0.0.0.0', '::'].includes(binding.HostIp);
    found[key.replace('/tcp', '')] = {
      host: isAny ? engineHost(engine) : binding.HostIp,
      port: Number(binding.HostPort),
    };
  }
  return found;
}
