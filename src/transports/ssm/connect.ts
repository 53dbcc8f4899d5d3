import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionContext } from '../../core/action-context.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import type { Connection } from '../../core/transport.ts';
import { type Agent, openAgent } from './client.ts';
import { agentAbsent } from './errors.ts';
import { execute } from './execute.ts';
import { downloadTar, readOneFile, uploadTar } from './files.ts';
import type { Place } from './place.ts';
import type { SsmSettings } from './settings.ts';

type SsmEndpoint = Extract<Endpoint, { readonly kind: 'ssm' }>;

/** Not /tmp, which a restart may empty while a command waits to be looked at. */
const PARENT = '/var/tmp/.galley-ssm';
const PING_MS = 1000;

/** Asks AWS for nothing until it is used, so that a machine that is gone is the error of what needed it. */
export async function connectSsm(
  host: Pick<PluginHost, 'env'>,
  ctx: ActionContext<SsmSettings>,
  endpoint: SsmEndpoint,
): Promise<Connection> {
  const { instanceId, region, profile } = endpoint;
  const onNotice = (message: string): void =>
    ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'warning', message });
  const agent = await openAgent(host, { instanceId, region, profile }, ctx.config, onNotice);
  const folder = `${PARENT}/${randomBytes(8).toString('hex')}`;
  const place: Place = { agent, folder, finished: [], onNotice };
  const closed = new AbortController();
  const onProgress = (text: string): void =>
    ctx.emit({ type: 'progress', instance: ctx.instance.name, text });
  return {
    asksInside: true,
    execute: (argv, options = {}) => execute(place, { ...options, argv }),
    upload: (tar, remoteDir) => uploadTar(place, tar, remoteDir, onProgress),
    download: (remotePath) => downloadTar(place, remotePath),
    readFile: (remotePath) => readOneFile(place, remotePath),
    loginCommand: () => [
      'aws',
      'ssm',
      'start-session',
      '--target',
      instanceId,
      '--region',
      ctx.config.region ?? region,
      ...(profile === undefined ? [] : ['--profile', profile]),
    ],
    async waitUntilReady() {
      const signal = AbortSignal.any([ctx.signal, closed.signal]);
      await agentOnline(agent, { ...ctx, signal });
      await execute(place, { argv: ['true'], signal });
    },
    async [Symbol.asyncDispose]() {
      closed.abort(new Error('the connection was closed'));
      if (place.finished.length > 0) await agent.run(`rm -rf ${place.folder}`).catch(() => undefined);
      agent[Symbol.dispose]();
    },
  };
}

async function agentOnline(agent: Agent, ctx: ActionContext<SsmSettings>): Promise<void> {
  const started = Date.now();
  for (;;) {
    const seen = await agent.ping();
    if (seen === 'Online') return;
    const waited = Date.now() - started;
    if (waited > ctx.config.max_wait_until_ready * 1000) throw agentAbsent(agent.instanceId, seen);
    const state = seen === undefined ? 'has not reported yet' : `is ${seen}`;
    const text = `waiting for the SSM agent on ${agent.instanceId}, which ${state} (${Math.round(waited / 1000)} s)`;
    ctx.emit({ type: 'progress', instance: ctx.instance.name, text });
    await sleep(PING_MS, undefined, { signal: ctx.signal });
  }
}
