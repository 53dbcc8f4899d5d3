import { controlFromHost } from '../../src/checks/control-probe.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { judgePort, type PortFacts, wantsReachable } from './judge.ts';
import { reach } from './reach.ts';
import { type PortSpec, portSpec } from './schema.ts';

/** Listening sockets from the kernel's tables: no ss or netstat needed; owners from /proc/PID/fd. */
export const portVerifier: Verifier<PortSpec, PortFacts> = {
  name: 'port',
  description: 'listening TCP, UDP and unix sockets: addresses, families, owner, reachable from the host',
  spec: portSpec,
  repeatable: false,
  title: (spec) =>
    `port ${spec.protocol === 'udp' ? 'udp ' : ''}${spec.port}${spec.listening === false ? ' not listening' : ''}`,
  hostPorts: (spec) => (typeof spec.port === 'number' && spec.reachable !== undefined ? [spec.port] : []),
  needs: (spec) => ({ sockets: true, processes: true, ...(spec.owner && { socketOwners: true }) }),
  async observe(spec, { snapshot, address, signal }) {
    const facts = {
      sockets: snapshot.sockets,
      processes: snapshot.processes,
      unreadableFds: snapshot.unreadableFds ?? [],
      via: snapshot.via,
    };
    if (wantsReachable(spec) === undefined || typeof spec.port !== 'number')
      return { ...facts, reach: undefined };
    const published = address(spec.port);
    if (!published) return { ...facts, reach: { outcome: 'not-published' } };
    const reached = await reach(published, signal);
    // Not getting a connection proves something only where connections can be made.
    const isProved = reached.outcome === 'connected' || wantsReachable(spec) === true;
    const control = isProved ? undefined : await controlFromHost(signal);
    return { ...facts, reach: control === undefined ? reached : { outcome: 'error', message: control } };
  },
  judge: judgePort,
};
