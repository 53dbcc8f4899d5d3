import { join } from 'node:path';
import type { Engine } from '../docker/connect.ts';
import { engineMessage, toDockerError } from '../docker/errors.ts';
import { keep, readKept } from '../docker/kept-json.ts';
import { parseImage } from './catalogue.ts';

export interface PullOptions {
  readonly cacheDir: string;
  readonly onProgress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** e.g. `linux/amd64` */
  readonly platform?: string;
}

/** Why there is no image; `pulled` is the good case. `silent` = no registry answered (now, or a little while ago). */
export type PullOutcome =
  | { readonly kind: 'pulled' }
  | { readonly kind: 'refused' | 'silent'; readonly reason: string };

/** A registry must have said something within this time. */
const CONNECT_MS = 10_000;
/** How long a registry that did not answer is not asked again, so that five images do not each wait. */
const MEMORY_MS = 10 * 60_000;

/**
 * Pulls through the engine. Not getting the image is a result, so that the caller can go on with what it has; a full
 * disk, a vanished engine and an abort throw.
 */
export async function pullImage(engine: Engine, ref: string, options: PullOptions): Promise<PullOutcome> {
  const { registry } = parseImage(ref);
  const remembered = await silence(options.cacheDir, registry);
  if (remembered) return { kind: 'silent', reason: remembered };
  options.onProgress(`pulling ${ref}`);
  const failure = await attempt(engine, ref, options);
  if (failure === undefined) return { kind: 'pulled' };
  if (!isSilence(failure)) return { kind: 'refused', reason: failure };
  await remember(options.cacheDir, registry, failure);
  return { kind: 'silent', reason: failure };
}

async function attempt(engine: Engine, ref: string, options: PullOptions): Promise<string | undefined> {
  const started = new AbortController();
  const timer = setTimeout(() => started.abort(new Error('no answer')), CONNECT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, started.signal]) : started.signal;
  try {
    const { path, tag, digest, registry } = parseImage(ref);
    const name = `${registry === 'docker.io' ? '' : `${registry}/`}${path}`;
    const output = await engine.docker.createImage({
      fromImage: name,
      tag: digest ?? tag,
      abortSignal: signal,
      ...(options.platform !== undefined && { platform: options.platform }),
    });
    return await follow(output, ref, options, () => clearTimeout(timer));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (started.signal.aborted)
      return `no answer from ${parseImage(ref).registry} within ${CONNECT_MS / 1000} s`;
    const mapped = toDockerError(error, `pull ${ref}`) as Error & { code?: string };
    if (mapped.code === 'docker.disk_full' || mapped.code === 'docker.engine_gone') throw mapped;
    return engineMessage(error);
  } finally {
    clearTimeout(timer);
  }
}

async function follow(
  output: NodeJS.ReadableStream,
  ref: string,
  options: PullOptions,
  answered: () => void,
): Promise<string | undefined> {
  let rest = '';
  let failure: string | undefined;
  const layers = new Map<string, string>();
  for await (const chunk of output) {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts.filter((text) => text.trim() !== '')) {
      const message = JSON.parse(part) as { status?: string; id?: string; error?: string };
      if (message.error !== undefined) failure = message.error;
      else answered();
      if (message.id === undefined || message.status === undefined) continue;
      layers.set(message.id, message.status);
      const done = [...layers.values()].filter((status) => /complete|already exists/i.test(status)).length;
      options.onProgress(`pulling ${ref}: ${done} of ${layers.size} layers`);
    }
  }
  if (failure !== undefined && /no space left on device/i.test(failure)) {
    throw toDockerError(new Error(failure), `pull ${ref}`);
  }
  return failure;
}

/** Whether a failed pull means that no registry answered, as opposed to one that said no. */
export function isSilence(reason: string): boolean {
  return /no such host|i\/o timeout|timeout|timed out|deadline exceeded|connection refused|connection reset|no answer|network is unreachable|no route to host|proxyconnect|certificate|tls:|EOF$/i.test(
    reason,
  );
}

type Memory = Record<string, { readonly at: number; readonly reason: string }>;

const memoryFile = (cacheDir: string) => join(cacheDir, 'silent-registries.json');

async function silence(cacheDir: string, registry: string): Promise<string | undefined> {
  const entry = (await recall(cacheDir))[registry];
  if (!entry || Date.now() - entry.at > MEMORY_MS || entry.at > Date.now()) return undefined;
  return `${entry.reason} (${Math.round((Date.now() - entry.at) / 1000)} s ago, not asked again for 10 minutes)`;
}

async function remember(cacheDir: string, registry: string, reason: string): Promise<void> {
  await keep(memoryFile(cacheDir), { ...(await recall(cacheDir)), [registry]: { at: Date.now(), reason } });
}

async function recall(cacheDir: string): Promise<Memory> {
  return ((await readKept(memoryFile(cacheDir))) ?? {}) as Memory;
}
