import { z } from 'zod';
import { clientRecord } from '../../src/core/client-install.ts';
import { Init } from './config.ts';

/** What the state file keeps of a machine. Complete once the container has an id; before that, names only. */
export const DockerMachine = z.object({
  /** Address of the engine, in the form of DOCKER_HOST. */
  engine: z.string(),
  containerName: z.string(),
  containerId: z.string(),
  /** The network it is on: its own, of the container's name, or the one the config names. */
  networkName: z.string(),
  image: z.object({ ref: z.string(), id: z.string(), digest: z.string() }),
  init: Init,
  hasPtrace: z.boolean(),
  client: clientRecord.optional(),
  /** TCP port of the container → where it is published. */
  ports: z.record(z.string(), z.object({ host: z.string(), port: z.number() })),
});
export type DockerMachine = z.infer<typeof DockerMachine>;

/** Label with the part of the record that the engine does not know, so that a lost state file can be made up for. */
export const MACHINE_LABEL = 'galley.machine';
export const LabelledMachine = DockerMachine.pick({ image: true, init: true, hasPtrace: true, client: true });
