import type { ActionContext } from '../../core/action-context.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import type { Connection, ExecuteOptions } from '../../core/transport.ts';
import { connectTo } from '../../docker/connect.ts';
import { type ExecOutcome, execInContainer } from '../../docker/exec.ts';
import { downloadTar, readOneFile, uploadTar } from './files.ts';
import type { DockerTransportConfig } from './index.ts';
import { runInSidecar } from './sidecar.ts';
import { lookAt, type Target } from './target.ts';

/** Throws `docker.container_gone` when the container does not run. */
export async function connectDocker(
  host: Pick<PluginHost, 'env'>,
  ctx: ActionContext<DockerTransportConfig>,
  endpoint: Extract<Endpoint, { kind: 'docker' }>,
): Promise<Connection> {
  const engine = await connectTo(endpoint.engine, host.env, ctx.signal);
  const target = await lookAt(engine, endpoint.containerId);
  const { login_command: login, working_dir: cwd } = ctx.config;
  return {
    async execute(argv, options = {}) {
      const started = performance.now();
      const needsSidecar = options.inspectProcesses === true && !target.hasPtrace;
      const outcome = await run(
        target,
        argv,
        { ...(cwd !== undefined && { cwd }), ...options },
        needsSidecar ? ctx : undefined,
      );
      const durationMs = performance.now() - started;
      return { ...outcome, durationMs, via: needsSidecar ? 'sidecar' : 'exec' };
    },
    upload: (tar, remoteDir) => uploadTar(target, tar, remoteDir),
    download: (remotePath) => downloadTar(target, remotePath),
    readFile: (remotePath) => readOneFile(target, remotePath),
    loginCommand: ({ tty }) => loginCommand(endpoint, login, tty),
    // Every call opens and ends its own HTTP exchange: there is nothing to close.
    async [Symbol.asyncDispose]() {},
  };
}

function run(
  target: Target,
  argv: readonly string[],
  options: ExecuteOptions,
  sidecarFor: ActionContext | undefined,
): Promise<ExecOutcome> {
  const request = { ...options, argv, name: target.name };
  return sidecarFor
    ? runInSidecar(target, request, sidecarFor)
    : execInContainer(target.engine, target.id, request);
}

const SHELL = 'if command -v bash >/dev/null 2>&1; then exec bash -l; fi; exec sh -l';

function loginCommand(
  endpoint: Extract<Endpoint, { kind: 'docker' }>,
  command: string | undefined,
  tty: boolean,
): readonly string[] {
  const isDefault = endpoint.engine === 'unix:///var/run/docker.sock';
  const engine = isDefault ? [] : ['--host', endpoint.engine];
  return [
    'docker',
    ...engine,
    'exec',
    tty ? '-it' : '-i',
    endpoint.containerId,
    '/bin/sh',
    '-c',
    command ?? SHELL,
  ];
}
