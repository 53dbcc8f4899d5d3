import { isAskedInside } from '../../src/checks/asked-inside.ts';
import { type DialPlace, type DialRequest, dialInside } from '../../src/checks/network/dial.ts';
import type { DialAnswer } from '../../src/checks/network/dial-answer.ts';
import { dialFromHost } from '../../src/checks/network/dial-host.ts';
import { isLocalhost } from '../../src/core/loopback.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { type AddrSpec, hostPort } from './schema.ts';

export interface AddrFacts {
  readonly seen: DialAnswer;
  /** A connection that must succeed from the same place; undefined when it was not tried. */
  readonly control: { readonly to: string; readonly answer: DialAnswer } | undefined;
  /** The place was able to connect to a listener of its own. */
  readonly self: DialAnswer | undefined;
  /** `perl, via exec` */
  readonly by: string;
}

const DEFAULT_TIMEOUT_MS = 3000;

/** Ports of the instance that a check from the host reaches. */
export function hostPorts(spec: AddrSpec): number[] {
  const target = hostPort(spec.addr);
  const isMeant = spec.from === 'host' && target !== undefined && isLocalhost(target.host);
  return isMeant && !isUdp(spec) ? [target.port] : [];
}

function isUdp(spec: AddrSpec): boolean {
  return spec.addr.startsWith('udp://');
}

/** Throws when nothing could be tried. */
export async function observeAddr(spec: AddrSpec, probe: Probe): Promise<AddrFacts> {
  const target = hostPort(spec.addr);
  if (!target) throw new Error(`${spec.addr} is no host:port`);
  const timeoutMs = spec.timeout ?? DEFAULT_TIMEOUT_MS;
  const main: DialRequest = {
    id: 'main',
    kind: isUdp(spec) ? 'udp' : 'tcp',
    ...target,
    timeoutMs,
    ...(spec.send !== undefined && { payload: Buffer.from(spec.send) }),
  };
  const control = spec.control === undefined ? undefined : hostPort(spec.control);
  const [port] = hostPorts(spec);
  const isInside = port !== undefined && isAskedInside(probe, port);
  if (spec.from === 'host' && !isInside) return fromHost(spec, main, control, probe);
  const requests: DialRequest[] = [
    main,
    { id: 'self', kind: 'self', timeoutMs: 1000 },
    ...(control ? [{ id: 'control', kind: 'tcp', ...control, timeoutMs } as const] : []),
  ];
  const { answers, by } = await dialInside(
    isInside ? probe.connection : placeOf(spec, probe),
    requests,
    probe.signal,
  );
  const seen = answers.get('main');
  if (!seen) throw new Error('the try gave no answer');
  const controlled = answers.get('control');
  return {
    seen,
    self: answers.get('self'),
    control: controlled && spec.control !== undefined ? { to: spec.control, answer: controlled } : undefined,
    by: isInside ? `on the instance itself, as no port is led here: ${by}` : by,
  };
}

function placeOf(spec: AddrSpec, probe: Probe): DialPlace {
  const { from = 'instance' } = spec;
  if (from === 'instance') return probe.connection;
  const companion = probe.around?.companions.get(from);
  if (!companion) throw new Error(`the service ${from} was not started`);
  return companion;
}

async function fromHost(
  spec: AddrSpec,
  main: DialRequest,
  control: { readonly host: string; readonly port: number } | undefined,
  probe: Probe,
): Promise<AddrFacts> {
  const [port] = hostPorts(spec);
  const published = port === undefined ? undefined : probe.address(port);
  if (port !== undefined && !published)
    throw new Error(`port ${port} of the instance is not published here: create the instance again`);
  const seen = await dialFromHost({ ...main, ...published, settle: published !== undefined }, probe.signal);
  const timeoutMs = main.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const answer =
    control && (await dialFromHost({ id: 'control', kind: 'tcp', ...control, timeoutMs }, probe.signal));
  return {
    seen,
    self: undefined,
    control: answer && spec.control !== undefined ? { to: spec.control, answer } : undefined,
    by: published ? `published as ${published.host}:${published.port}` : 'this machine',
  };
}
