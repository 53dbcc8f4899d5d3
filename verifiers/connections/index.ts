import { describeSelector } from '../../src/checks/probe/process-selector.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { type ConnectionsFacts, judgeConnections } from './judge.ts';
import { type ConnectionsSpec, connectionsSpec } from './schema.ts';
import { nameToResolve, parseTarget } from './target.ts';

/** TCP connections of processes: how many, in which state, and whether forked processes share one. */
export const connectionsVerifier: Verifier<ConnectionsSpec, ConnectionsFacts> = {
  name: 'connections',
  description: 'TCP connections of processes: count, state, and none shared between forked workers',
  spec: connectionsSpec,
  repeatable: false,
  title: (spec) =>
    `connections of ${describeSelector(spec.connections.of)}${spec.to === undefined ? '' : ` to ${spec.to}`}`,
  needs: (spec) => {
    const name = nameOf(spec);
    return {
      sockets: true,
      socketOwners: true,
      processes: true,
      ...(name !== undefined && { resolve: [name] }),
    };
  },
  async observe(spec, { snapshot }) {
    const name = nameOf(spec);
    if (name !== undefined && snapshot.errors.addresses !== undefined)
      throw new Error(snapshot.errors.addresses);
    return {
      processes: snapshot.processes,
      sockets: snapshot.sockets,
      unreadableFds: snapshot.unreadableFds ?? [],
      addresses: name === undefined ? undefined : (snapshot.addresses?.[name] ?? []),
      via: snapshot.via,
    };
  },
  judge: judgeConnections,
};

function nameOf(spec: ConnectionsSpec): string | undefined {
  return nameToResolve(spec.to === undefined ? undefined : parseTarget(spec.to));
}
