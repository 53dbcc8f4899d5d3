import type { ContainerLog, ContainerLogLine, ContainerView, ImageFacts } from '../core/surroundings.ts';
import type { Engine } from './connect.ts';
import { containerGone } from './container-state.ts';
import { demultiplexer } from './demux.ts';
import { isNotFound, toDockerError } from './errors.ts';

/** Lines of output kept of one container. */
const MOST_LINES = 20_000;

/** A container as its engine tells of it; the engine is asked when a method is called. */
export function containerView(engine: () => Promise<Engine>, id: string, name: string): ContainerView {
  const asked = async <T>(what: string, ask: (engine: Engine) => Promise<T>): Promise<T> => {
    const connected = await engine();
    try {
      return await ask(connected);
    } catch (error) {
      if (isNotFound(error)) throw await containerGone(connected, id, name);
      throw toDockerError(error, `${what} ${name}`);
    }
  };
  return {
    facts: () => asked('look at container', (connected) => factsOf(connected, id)),
    log: (since) => asked('read the output of', (connected) => logOf(connected, id, since)),
  };
}

async function factsOf(engine: Engine, id: string): ReturnType<ContainerView['facts']> {
  const container = await engine.docker.getContainer(id).inspect();
  const image = await engine.docker.getImage(container.Image).inspect();
  const ref = container.Config.Image;
  return {
    image: imageFacts(image.RepoTags?.[0] ?? ref, image.Id, image.Config),
    container: imageFacts(ref, container.Image, container.Config),
  };
}

/** The part of a configuration that images and containers have in common (image-spec, "Config"). */
interface Config {
  readonly Env?: readonly string[] | null | undefined;
  readonly ExposedPorts?: object | null | undefined;
  readonly Labels?: Readonly<Record<string, string>> | null | undefined;
  readonly Entrypoint?: readonly string[] | string | null | undefined;
  readonly Cmd?: readonly string[] | null | undefined;
  readonly User?: string | null | undefined;
  readonly Volumes?: object | null | undefined;
  readonly WorkingDir?: string | null | undefined;
}

function imageFacts(ref: string, id: string, config: Config): ImageFacts {
  const entrypoint = config.Entrypoint ?? [];
  return {
    ref,
    id,
    env: Object.fromEntries((config.Env ?? []).map(splitVariable)),
    ports: Object.keys(config.ExposedPorts ?? {}),
    labels: config.Labels ?? {},
    entrypoint: typeof entrypoint === 'string' ? [entrypoint] : entrypoint,
    command: config.Cmd ?? [],
    user: config.User ?? '',
    volumes: Object.keys(config.Volumes ?? {}),
    workdir: config.WorkingDir ?? '',
  };
}

function splitVariable(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

async function logOf(engine: Engine, id: string, since: number | undefined): Promise<ContainerLog> {
  const logs = await engine.docker.getContainer(id).logs({
    follow: false,
    stdout: true,
    stderr: true,
    timestamps: true,
    tail: MOST_LINES,
    // Whole seconds: the rest is sorted out by each line's own time.
    ...(since !== undefined && { since: Math.floor(since) }),
  });
  const all = containerLogLines(logs);
  return {
    lines: all.filter(({ at }) => since === undefined || at >= since),
    isCut: all.length >= MOST_LINES,
  };
}

/**
 * The answer of a logs call with timestamps, taken apart: a frame is a line with its time (RFC 3339) before it. A line
 * longer than 16 KiB comes in several frames, of which only the last ends with a line end.
 */
export function containerLogLines(content: Buffer): ContainerLogLine[] {
  const lines: ContainerLogLine[] = [];
  const open: { stdout?: { at: number; text: string }; stderr?: { at: number; text: string } } = {};
  demultiplexer((stream, chunk) => {
    const frame = chunk.toString('utf8');
    const space = frame.indexOf(' ');
    const part = frame.slice(space + 1);
    const begun = open[stream] ?? { at: secondsOf(frame.slice(0, space)), text: '' };
    begun.text += part;
    if (part.endsWith('\n')) {
      lines.push({ at: begun.at, stream, text: begun.text.replace(/\r?\n$/, '') });
      delete open[stream];
    } else {
      open[stream] = begun;
    }
  })(content);
  for (const stream of ['stdout', 'stderr'] as const) {
    const begun = open[stream];
    if (begun) lines.push({ ...begun, stream });
  }
  return lines;
}

/** `2026-01-02T03:04:05.678901234Z`; Date knows milliseconds only. */
function secondsOf(text: string): number {
  const found = /^([^.]+)(\.\d+)?Z$/.exec(text);
  return Date.parse(`${found?.[1] ?? text}Z`) / 1000 + Number(`0${found?.[2] ?? ''}`);
}
