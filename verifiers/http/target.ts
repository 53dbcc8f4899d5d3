import { isLocalhost, isLoopback } from '../../src/core/loopback.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { type HttpSpec, urlText } from './schema.ts';

/** Where a URL leads to from here. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** The URL meant the instance; the address is where its port is published. */
  readonly isPublished: boolean;
}

export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

/** In a check, localhost (and the name given as `host`) is the instance. */
export function isInstance(url: URL, spec: Pick<HttpSpec, 'host' | 'resolve'>): boolean {
  const resolved = resolvedBy(url, spec);
  if (resolved !== undefined) return resolved === 'instance' || isLoopback(resolved);
  const name = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const own = spec.host?.replace(/:\d+$/, '').toLowerCase();
  return name === own || name.endsWith('.localhost') || isLocalhost(name);
}

/** What `resolve` says of the URL's host. */
export function resolvedBy(url: URL, { resolve }: Pick<HttpSpec, 'resolve'>): string | undefined {
  const name = url.hostname.toLowerCase();
  const found = Object.entries(resolve ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  return found?.replace(/^\[|\]$/g, '').toLowerCase();
}

/** Throws when the URL means the instance and its port is not published: then nothing can be observed. */
export function targetOf(url: URL, spec: HttpSpec, address: Probe['address']): Target {
  const port = portOf(url);
  if (!isInstance(url, spec))
    return { host: resolvedBy(url, spec) ?? url.hostname.replace(/^\[|\]$/g, ''), port, isPublished: false };
  const found = address(port);
  if (found) return { ...found, isPublished: true };
  throw new Error(
    `port ${port} of the instance is not published here; ` +
      'create the instance again so that it is, or ask from inside with from: instance',
  );
}

/** Ports that must be published for this check; none when the URL is a template until the run. */
export function hostPorts(spec: HttpSpec): number[] {
  const text = urlText(spec).replace(/\$\{(?:token|number)\}/g, '1');
  if ((spec.from ?? 'host') !== 'host' || !URL.canParse(text)) return [];
  const url = new URL(text);
  return isInstance(url, spec) ? [portOf(url)] : [];
}
