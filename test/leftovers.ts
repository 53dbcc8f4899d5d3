import Dockerode from 'dockerode';

/** Names of everything on the engine that carries the labels of a run (of one project, or of any). */
export async function leftovers(project?: string): Promise<readonly string[]> {
  const docker = new Dockerode();
  const label = project === undefined ? 'galley.project' : `galley.project=${project}`;
  const filters = JSON.stringify({ label: [label] });
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map((c) => `container ${c.Names[0]?.slice(1)}`),
    ...networks.map((n) => `network ${n.Name}`),
    ...volumes.Volumes.map((v) => `volume ${v.Name}`),
  ];
}
