import { mergeNeeds } from '../../src/checks/merge-needs.ts';
import { chosenProcesses, selectorNeeds } from '../../src/checks/probe/chosen-processes.ts';
import { describeSelector } from '../../src/checks/probe/process-selector.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { type ConnectionsFacts, judgeConnections } from './judge.ts';
import { type ConnectionsSpec, connectionsSpec } from './schema.ts';
import { nameToResolve, parseTarget, type Target } from './target.ts';

/** Connections of processes: how many, in which state, and whether forked processes share one. */
export const connectionsVerifier: Verifier<ConnectionsSpec, ConnectionsFacts> = {
  name: 'connections',
  description:
    'TCP connections of processes, or those to a unix socket: count, state, and none shared between forked workers',
  spec: connectionsSpec,
  repeatable: false,
  title: (spec) =>
    `connections of ${describeSelector(spec.connections.of)}${spec.to === undefined ? '' : ` to ${spec.to}`}`,
  needs: (spec) => {
    const name = nameOf(spec);
    const path = targetOf(spec)?.path;
    return mergeNeeds([
      selectorNeeds(spec.connections.of),
      {
        sockets: true,
        socketOwners: true,
        ...(name !== undefined && { resolve: [name] }),
        ...(path !== undefined && { unixPeers: [path] }),
      },
    ]);
  },
  async observe(spec, { snapshot }) {
    const name = nameOf(spec);
    if (name !== undefined && snapshot.errors.addresses !== undefined)
      throw new Error(snapshot.errors.addresses);
    if (targetOf(spec)?.path !== undefined && snapshot.errors.peers !== undefined)
      throw new Error(snapshot.errors.peers);
    return {
      processes: chosenProcesses(spec.connections.of, snapshot),
      sockets: snapshot.sockets,
      unreadableFds: snapshot.unreadableFds ?? [],
      addresses: name === undefined ? undefined : (snapshot.addresses?.[name] ?? []),
      via: snapshot.via,
    };
  },
  judge: judgeConnections,
};

function nameOf(spec: ConnectionsSpec): string | undefined {
  return nameToResolve(targetOf(spec));
}

function targetOf(spec: ConnectionsSpec): Target | undefined {
  return spec.to === undefined ? undefined : parseTarget(spec.to);
}
