import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ImageBuildOptions } from 'dockerode';
import { GalleyError } from '../core/errors.ts';
import type { Engine } from '../docker/connect.ts';
import { toDockerError } from '../docker/errors.ts';

/** A file of a build context: its text, or a local file that is streamed into it. */
export type ContextFile = { readonly text: string } | { readonly localFile: string };

export interface BuildRequest {
  readonly tags: readonly string[];
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, ContextFile>>;
  readonly labels: Readonly<Record<string, string>>;
  /** False when no step needs packages; it then builds without any network. */
  readonly network: boolean;
  /** What is being built, for progress and errors. */
  readonly title: string;
}

export interface BuildOptions {
  readonly onProgress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds an image through the engine's API (no docker CLI needed, works with a remote engine). Intermediate
 * containers are removed also after a failure. Returns the image id. Throws `image.build_failed` with the last lines
 * of the failing step.
 */
export async function buildImage(
  engine: Engine,
  request: BuildRequest,
  options: BuildOptions,
): Promise<string> {
  const { pack } = await import('tar-stream');
  const context = pack();
  const sending = fill(context, request);
  sending.catch((error: Error) => context.destroy(error));
  const lines: string[] = [];
  try {
    const settings: ImageBuildOptions = {
      t: request.tags as unknown as string,
      labels: { ...request.labels },
      rm: true,
      forcerm: true,
      ...(!request.network && { networkmode: 'none' }),
      ...(options.signal && { abortSignal: options.signal }),
    };
    const output = await engine.docker.buildImage(context as unknown as NodeJS.ReadableStream, settings);
    const failure = await follow(output, request.title, lines, options);
    if (failure !== undefined) throw buildFailed(request.title, failure, lines);
    const tag = request.tags[0] ?? '';
    return (await engine.docker.getImage(tag).inspect()).Id;
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toDockerError(error, `build ${request.title}`);
  }
}

async function fill(context: import('tar-stream').Pack, request: BuildRequest): Promise<void> {
  const entry = (name: string, text: string) => context.entry({ name, mode: 0o755 }, text);
  entry('Dockerfile', request.dockerfile);
  for (const [name, file] of Object.entries(request.files)) {
    if ('text' in file) entry(name, file.text);
    else {
      const { size, mode } = await stat(file.localFile);
      await pipeline(createReadStream(file.localFile), context.entry({ name, size, mode: mode & 0o755 }));
    }
  }
  context.finalize();
}

/** Reads the engine's stream of JSON objects, one a line; returns the build's error message if it failed. */
async function follow(
  output: NodeJS.ReadableStream,
  title: string,
  lines: string[],
  options: BuildOptions,
): Promise<string | undefined> {
  let rest = '';
  let failure: string | undefined;
  for await (const chunk of output) {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts.filter((text) => text.trim() !== '')) {
      const message = JSON.parse(part) as { stream?: string; error?: string };
      if (message.error !== undefined) failure = message.error;
      for (const line of (message.stream ?? '').split('\n').map((text) => text.trim())) {
        if (line === '') continue;
        lines.push(line);
        const seen = notable(line);
        if (seen) options.onProgress(`${title}: ${seen}`);
      }
    }
  }
  return failure;
}

/** Apt and dpkg say hundreds of things; these tell how far it is. */
function notable(line: string): string | undefined {
  const step = /^Step (\d+\/\d+)/.exec(line);
  if (step) return `step ${step[1]}`;
  const apt = /^(Unpacking|Setting up) (\S+)/.exec(line);
  return apt ? `${apt[1]?.toLowerCase()} ${apt[2]}` : undefined;
}

function buildFailed(title: string, failure: string, lines: readonly string[]): Error {
  if (/no space left on device/i.test([failure, ...lines.slice(-20)].join('\n'))) {
    return toDockerError(new Error('no space left on device'), `build ${title}`);
  }
  return new GalleyError({
    code: 'image.build_failed',
    kind: 'infrastructure',
    message: `could not build ${title}: ${failure.trim()}`,
    details: lines.slice(-12),
    hint: 'containers on the default bridge must reach a Debian mirror: `galley images build` tries again',
  });
}
