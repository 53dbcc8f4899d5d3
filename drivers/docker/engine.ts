import type { PluginHost } from '../../src/core/plugin-host.ts';
import { connectEngine, connectTo, type Engine } from '../../src/docker/connect.ts';
import type { DockerConfig } from './config.ts';

/** The engine that a new machine is made on: the config's, else the one the docker command would use. */
export function engineFor(host: PluginHost, config: DockerConfig, signal: AbortSignal): Promise<Engine> {
  return config.engine === undefined
    ? connectEngine(host.env, signal)
    : connectTo(config.engine, host.env, signal);
}
