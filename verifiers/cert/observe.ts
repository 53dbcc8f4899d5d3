import type { X509Certificate } from 'node:crypto';
import { isLocalhost } from '../../src/core/loopback.ts';
import type { FileFact, SnapshotNeeds } from '../../src/core/snapshot.ts';
import type { Known } from '../../src/core/system-facts.ts';
import type { Probe } from '../../src/core/verifier.ts';
import { type CertFact, chainProblem, factOf, type KeyVerdict, keyVerdict } from './certificate.ts';
import { authoritiesFor, certificatesOf, PRIVATE_KEY, pemBlocks } from './read.ts';
import { type CertSpec, placeOf } from './schema.ts';
import { fromTls } from './tls.ts';

export interface CertFacts {
  /** Undefined: the file does not exist. */
  readonly cert: CertFact | undefined;
  /** Seconds since the epoch on the instance. */
  readonly now: number;
  readonly key: Known<KeyVerdict> | undefined;
  /** Empty: trusted; else why not. */
  readonly trust: Known<string> | undefined;
  /** Whether it is valid for the wanted name. */
  readonly isForHostname: boolean | undefined;
  readonly source: string;
}

/** Where the distributions keep the authorities that programs trust. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

export function certNeeds(spec: CertSpec): SnapshotNeeds {
  const bundles = spec.trusted === undefined ? [] : spec.ca === undefined ? BUNDLES : [spec.ca];
  const paths = [
    ...(spec.cert.startsWith('/') ? [spec.cert] : []),
    ...(spec.keyMatches === undefined ? [] : [spec.keyMatches]),
    ...bundles,
  ];
  // A file of its own is asked for also when none is needed: the snapshot tells the instance's time.
  return { files: (paths.length > 0 ? paths : ['/']).map((path) => ({ path, content: path !== '/' })) };
}

/** Ports of the instance that are reached from here. */
export function hostPorts(spec: CertSpec): number[] {
  const place = placeOf(spec.cert);
  return place?.kind === 'tls' && spec.from !== 'instance' && isLocalhost(place.host) ? [place.port] : [];
}

/** Throws when there is nothing that could be read as a certificate. */
export async function observeCert(spec: CertSpec, probe: Probe): Promise<CertFacts> {
  const place = placeOf(spec.cert);
  if (!place) throw new Error(`${spec.cert} is neither a path nor host:port`);
  const { takenAt: now, via } = probe.snapshot;
  const nothing = { cert: undefined, now, key: undefined, trust: undefined, isForHostname: undefined };
  let bytes: readonly Buffer[];
  let source: string;
  if (place.kind === 'file') {
    const file = fileAt(place.path, probe);
    source = `${place.path}, via ${via}`;
    if (!file.exists) return { ...nothing, source };
    bytes = [await contentOf(file, probe)];
  } else {
    ({ chain: bytes, source } = await fromTls(spec, place, probe));
  }
  const parsed = await Promise.all(bytes.map((one) => certificatesOf(one)));
  const [leaf, ...others] = parsed.flat();
  if (!leaf) throw new Error('there is no certificate in it');
  return {
    cert: factOf(leaf),
    now,
    key:
      spec.keyMatches === undefined
        ? undefined
        : await known(() => keyOf(leaf, spec.keyMatches ?? '', probe)),
    trust: spec.trusted === undefined ? undefined : await known(() => trustOf(spec, leaf, others, probe)),
    isForHostname: spec.hostname === undefined ? undefined : isFor(leaf, spec.hostname),
    source,
  };
}

function isFor(cert: X509Certificate, name: string): boolean {
  return (/^[\d.]+$|:/.test(name) ? cert.checkIP(name) : cert.checkHost(name)) !== undefined;
}

function fileAt(path: string, probe: Probe): FileFact {
  const found = probe.snapshot.files.filter((one) => one.path === path);
  const file = found.find((one) => one.content !== undefined) ?? found[0];
  if (!file) throw new Error(`${path} is missing from the snapshot`);
  if (file.error !== undefined) throw new Error(`${path}: ${file.error}`);
  return file;
}

/** Text is in the snapshot; DER, which is no text, is fetched. */
async function contentOf(file: FileFact, probe: Probe): Promise<Buffer> {
  const { path, content } = file;
  if (content?.includes('-----BEGIN')) {
    if (file.truncated) throw new Error(`${path} is larger than 1 MiB`);
    return Buffer.from(content);
  }
  if (content === undefined) throw new Error(`${path} is no file (it is a ${file.type ?? 'special file'})`);
  const bytes = await probe.connection.readFile(path);
  if (bytes === undefined) throw new Error(`${path} has just gone`);
  return bytes;
}

async function known<T>(look: () => Promise<T>): Promise<Known<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function keyOf(cert: X509Certificate, path: string, probe: Probe): Promise<KeyVerdict> {
  const file = fileAt(path, probe);
  if (!file.exists) throw new Error(`${path} does not exist`);
  const bytes = await contentOf(file, probe);
  const { createPrivateKey } = await import('node:crypto');
  const [pem] = pemBlocks(bytes.toString('latin1'), PRIVATE_KEY);
  if (pem?.includes('ENCRYPTED')) throw new Error(`${path} is protected by a passphrase`);
  try {
    const key =
      pem === undefined
        ? createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' })
        : createPrivateKey(pem);
    return keyVerdict(cert, key);
  } catch {
    // The words of the error are left out: they come from reading a secret.
    throw new Error(`${path} holds no private key that can be read`);
  }
}

async function trustOf(
  spec: CertSpec,
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  probe: Probe,
): Promise<string> {
  const paths = spec.ca === undefined ? BUNDLES : [spec.ca];
  const file = paths.map((path) => fileAt(path, probe)).find((one) => one.exists);
  if (!file)
    throw new Error(
      spec.ca === undefined ? 'the instance has no bundle of authorities' : `${spec.ca} does not exist`,
    );
  const authorities = await authoritiesFor(await contentOf(file, probe), [leaf, ...others]);
  const problem = chainProblem(leaf, others, authorities, probe.snapshot.takenAt);
  return problem ?? '';
}
