import { isAskedInside } from '../../src/checks/asked-inside.ts';
import { controlFromHost } from '../../src/checks/control-probe.ts';
import type { Probe, Verifier } from '../../src/core/verifier.ts';
import type { PortFacts } from './facts.ts';
import { isPath, judgePort, wantsReachable } from './judge.ts';
import { type Reach, reach, reachInside } from './reach.ts';
import { type PortSpec, portSpec, reachedFrom } from './schema.ts';

/** Listening sockets from the kernel's tables: no ss or netstat needed; owners from /proc/PID/fd. */
export const portVerifier: Verifier<PortSpec, PortFacts> = {
  name: 'port',
  description:
    'listening TCP, UDP and unix sockets: addresses, families, owner, backlog, reachable from where',
  spec: portSpec,
  repeatable: false,
  title: (spec) =>
    `port ${spec.protocol === 'udp' ? 'udp ' : ''}${spec.port}${spec.listening === false ? ' not listening' : ''}`,
  hostPorts: (spec) => (typeof spec.port === 'number' && reachedFrom(spec) === 'host' ? [spec.port] : []),
  companions(spec) {
    const from = reachedFrom(spec);
    return from === undefined || from === 'host' || from === 'instance' ? [] : [from];
  },
  needs: (spec) => ({
    sockets: true,
    processes: true,
    ...(spec.owner && { socketOwners: true }),
    ...(isPath(spec.port) && { files: [{ path: spec.port, content: false }] }),
  }),
  async observe(spec, probe) {
    const { snapshot } = probe;
    return {
      sockets: snapshot.sockets,
      processes: snapshot.processes,
      unreadableFds: snapshot.unreadableFds ?? [],
      file: isPath(spec.port) ? snapshot.files.find(({ path }) => path === spec.port) : undefined,
      via: snapshot.via,
      reach: await reachFrom(spec, probe),
      isAskedInside: isAskedOnInstance(spec, probe),
    };
  },
  judge: judgePort,
};

function isAskedOnInstance(spec: PortSpec, probe: Probe): boolean {
  const { port } = spec;
  return typeof port === 'number' && reachedFrom(spec) === 'host' && isAskedInside(probe, port);
}

async function reachFrom(spec: PortSpec, probe: Probe): Promise<Reach | undefined> {
  const wanted = reachedFrom(spec);
  const { port } = spec;
  const { connection, signal, around } = probe;
  if (wanted === undefined || typeof port !== 'number') return undefined;
  const from = isAskedOnInstance(spec, probe) ? 'instance' : wanted;
  if (from === 'host') {
    const published = probe.address(port);
    if (!published) return { outcome: 'not-published' };
    const reached = await reach(published, signal);
    // Not getting a connection proves something only where connections can be made.
    const isProved = reached.outcome === 'connected' || wantsReachable(spec) === true;
    const control = isProved ? undefined : await controlFromHost(signal);
    return control === undefined ? reached : { outcome: 'error', message: control };
  }
  if (from === 'instance') {
    const found = await reachInside({ host: '127.0.0.1', port }, connection, signal);
    if (found.outcome !== 'refused') return found;
    const other = await reachInside({ host: '::1', port }, connection, signal);
    return other.outcome === 'connected' ? other : found;
  }
  const companion = around?.companions.get(from);
  if (!around || !companion) throw new Error(`the service ${from} was not started`);
  const found = await reachInside({ host: around.instance, port }, companion, signal);
  if (found.outcome !== 'timeout') return found;
  // Silence proves something only when the one who asks could get an answer elsewhere.
  const control = await reachInside(companion.address, companion, signal);
  return control.outcome === 'connected'
    ? found
    : { outcome: 'error', message: `no answer, but ${from} does not even reach itself` };
}
