import { GalleyError } from '../../src/core/errors.ts';
import { engineMessage, toDockerError } from '../../src/docker/errors.ts';
import type { DockerConfig } from './config.ts';

/** What the engine said while a container or its network was made, in words that name the option to change. */
export function createError(error: unknown, name: string, config: DockerConfig): Error {
  if (error instanceof GalleyError) return error;
  const text = engineMessage(error);
  const facts = { details: [text], cause: error };
  if (/unable to apply caps|apply capabilities|error setting cap|capset/i.test(text)) {
    return new GalleyError({
      code: 'docker.capability_not_grantable',
      kind: 'infrastructure',
      message: `the engine cannot grant container ${name} the capabilities it asks for`,
      got: config.privileged
        ? 'privileged: true (all capabilities)'
        : `cap_add: ${config.capAdd.join(', ') || 'none'}`,
      hint: config.privileged
        ? 'remove privileged: true; init: systemd does not need it, and cap_add: gives single capabilities'
        : 'the engine itself lacks a capability: name it under cap_drop:, or remove it from cap_add:',
      ...facts,
    });
  }
  if (/unknown capability|invalid cap(add|drop)/i.test(text)) {
    return new GalleyError({
      code: 'docker.unknown_capability',
      kind: 'config',
      message: `the engine does not know a capability of cap_add or cap_drop`,
      got: [...config.capAdd, ...config.capDrop].join(', '),
      hint: 'see capabilities(7) for the names; correct cap_add: or cap_drop:',
      ...facts,
    });
  }
  if (/non-overlapping IPv4 address pool|could not find an available.* pool/i.test(text)) {
    return new GalleyError({
      code: 'docker.no_address_pool',
      kind: 'infrastructure',
      message: `the engine has no address range left for network ${name}`,
      hint: 'each instance has a network: `galley destroy` those not needed, look at `docker network ls`, or enlarge default-address-pools of the engine',
      ...facts,
    });
  }
  if (/port is already allocated|address already in use/i.test(text)) {
    const port = /(?:Bind for |listen tcp\d? )(\S+?):? /.exec(`${text} `)?.[1];
    return new GalleyError({
      code: 'docker.port_in_use',
      kind: 'infrastructure',
      message: `${port ?? 'a published port'} is in use on the engine's host`,
      hint: 'write only the port of the container under publish: and a free one is chosen, or stop what listens there',
      ...facts,
    });
  }
  if (/network .* not found/i.test(text) && config.networkMode !== undefined) {
    return new GalleyError({
      code: 'docker.no_such_network',
      kind: 'config',
      message: `network_mode names a network that does not exist: ${config.networkMode}`,
      hint: `\`docker network create ${config.networkMode}\`, or remove network_mode: and the instance gets its own`,
      ...facts,
    });
  }
  if (/OCI runtime create failed|failed to create shim|exec: .*(not found|no such file)/i.test(text)) {
    return new GalleyError({
      code: 'docker.start_failed',
      kind: 'infrastructure',
      message: `container ${name} could not be started`,
      hint: 'look at init:, pid_one_command: and entrypoint:, and whether the image has that program',
      ...facts,
    });
  }
  return toDockerError(error, `create ${name}`);
}
