import type { Readable } from 'node:stream';
import type { ActionContext } from '../core/action-context.ts';
import type { ClientInstall } from '../core/client-install.ts';
import type { ClientSource } from '../core/client-source.ts';
import { GalleyError } from '../core/errors.ts';
import type { Connection } from '../core/transport.ts';
import { connectEngine, type Engine } from '../docker/connect.ts';
import { toDockerError } from '../docker/errors.ts';
import { cacheLabels } from '../docker/labels.ts';
import { type ClientImage, ensureClient } from './client-image.ts';
import { LAYOUTS } from './client-layout.ts';
import { ensureClientVolume } from './client-volume.ts';
import { countedStream } from './counted-stream.ts';

interface ClientHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
}

/** Beside the client that was put there: which one it is. Written last, so that half a client has none. */
const STAMP = '.galley-client';
/** Bytes between two words on how far the sending has come. */
const TOLD_EVERY = 1024 * 1024;

/**
 * Sees to it that a machine has a Chef or Cinc client, through its connection: the one that is there, one that the
 * machine fetches, or the content of an image, streamed, so that the machine needs no internet. Does nothing when an
 * earlier call has put the same one there. Throws `client.missing`, `client.not_installed`, and what getting the image
 * throws.
 */
export async function putClient(
  connection: Connection,
  source: ClientSource,
  host: ClientHost,
  ctx: Pick<ActionContext, 'instance' | 'emit' | 'signal' | 'once'>,
): Promise<ClientInstall> {
  const { from = 'auto' } = source;
  const { signal } = ctx;
  const there = await look(connection, signal);
  const fits = there && (source.product === undefined || there.product === source.product);
  const isOwn = there?.digest.startsWith('sha256:') === true;
  const progress = (text: string): void => ctx.emit({ type: 'progress', instance: ctx.instance.name, text });
  if (there && fits && (from === 'preinstalled' || (from === 'auto' && !isOwn && fitsVersion(there, source))))
    return there;
  if (from === 'preinstalled') throw missing(source, there);
  if (from === 'url') {
    const url = source.url ?? '';
    if (there?.digest === `url:${url}`) return there;
    progress(`installing the client from ${url}`);
    await fetchAndInstall(connection, url, signal);
    const installed = await look(connection, signal);
    if (!installed) throw notInstalled(url, 'no client was found afterwards', []);
    await stamp(connection, { ...installed, digest: `url:${url}` }, signal);
    return { ...installed, digest: `url:${url}` };
  }
  const engine = await connectEngine(host.env, signal);
  const options = { policy: 'missing', cacheDir: host.cacheDir, onProgress: progress, signal } as const;
  const key = ['the Chef client', engine.address, JSON.stringify(source)].join('\n');
  const client = await ctx.once(key, () => ensureClient(engine, source, options));
  const { product, version, binary, ruby } = client;
  const wanted: ClientInstall = { product, version, binary, ruby, digest: client.imageId };
  if (there?.digest === wanted.digest) return wanted;
  const volume = await ensureClientVolume(engine, client, options);
  await connection.execute(['rm', '-rf', `${client.mountPath}/${STAMP}`], { signal });
  const what = `sending the ${product} client ${version}`;
  progress(what);
  const total = await sizeOf(engine, client);
  const content = await contentOf(engine, client, volume.name);
  const onBytes = (bytes: number): void => progress(`${what}, ${mib(bytes)} of some ${mib(total)} MiB`);
  await connection.upload(countedStream(content, TOLD_EVERY, onBytes), '/opt');
  await stamp(connection, wanted, signal);
  return wanted;
}

/** Prints `PATH|STAMP`, or `PATH|VERSION LINE` when nobody has put a stamp beside it, of the first client there is. */
const LOOK = `for client in "$@" "$(command -v cinc-client)" "$(command -v chef-client)"; do
  [ -n "$client" ] && [ -x "$client" ] || continue
  root=\${client%/bin/*}
  if [ -s "$root/${STAMP}" ]; then echo "$client|$(cat "$root/${STAMP}")"; exit 0; fi
  version=$("$client" --version 2>/dev/null | head -n 1) || continue
  ruby=; [ -x "$root/embedded/bin/ruby" ] && ruby=$root/embedded/bin/ruby
  echo "$client|$version|$ruby"; exit 0
done`;

async function look(connection: Connection, signal: AbortSignal): Promise<ClientInstall | undefined> {
  const argv = ['/bin/sh', '-c', LOOK, 'sh', LAYOUTS.cinc.binary, LAYOUTS.chef.binary];
  const { stdout } = await connection.execute(argv, { signal, timeoutMs: 60_000 });
  return parseClient(stdout);
}

/** What `LOOK` printed; undefined when there is no client. */
export function parseClient(line: string): ClientInstall | undefined {
  const [binary = '', told = '', ruby = ''] = line.trim().split('|');
  if (binary === '') return undefined;
  try {
    return JSON.parse(told) as ClientInstall;
  } catch {
    // `Chef Infra Client: 18.8.54`, `Cinc Client: 18.4.12`
    const version = /\d+(\.\d+)+/.exec(told)?.[0] ?? 'unknown';
    const product = /cinc/i.test(`${told} ${binary}`) ? 'cinc' : 'chef';
    return { product, version, binary, digest: `preinstalled ${version}`, ...(ruby !== '' && { ruby }) };
  }
}

/** Whether a client is of the wanted version, given as its first numbers. */
function fitsVersion(there: ClientInstall, { version }: ClientSource): boolean {
  if (version === undefined || version === 'latest') return true;
  return there.version === version || there.version.startsWith(`${version}.`);
}

async function stamp(connection: Connection, client: ClientInstall, signal: AbortSignal): Promise<void> {
  const root = client.binary.replace(/\/bin\/[^/]+$/, '');
  const argv = ['/bin/sh', '-c', 'cat > "$1"', 'sh', `${root}/${STAMP}`];
  await connection.execute(argv, { stdin: JSON.stringify(client), signal });
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

/** Bytes of the image, which has little else; the tar is a little longer or shorter. */
async function sizeOf({ docker }: Engine, { imageId, ref }: ClientImage): Promise<number> {
  try {
    return (await docker.getImage(imageId).inspect()).Size;
  } catch (error) {
    throw toDockerError(error, `look at ${ref}`);
  }
}

/** The client's files as a tar that unpacks into /opt, read from the volume that instances in Docker mount. */
async function contentOf(engine: Engine, client: ClientImage, volume: string): Promise<Readable> {
  const { mountPath, imageId } = client;
  try {
    const container = await engine.docker.createContainer({
      Image: imageId,
      Cmd: ['/never-started'],
      Labels: cacheLabels('client'),
      HostConfig: { Mounts: [{ Type: 'volume', Source: volume, Target: mountPath, ReadOnly: true }] },
    });
    const gone = (): void => void container.remove({ force: true }).catch(() => undefined);
    try {
      const tar = (await container.getArchive({ path: mountPath })) as unknown as Readable;
      tar.once('close', gone);
      return tar;
    } catch (error) {
      gone();
      throw error;
    }
  } catch (error) {
    throw toDockerError(error, `read the client from ${client.ref}`);
  }
}

const INSTALL = `set -e
file=$(mktemp -d)/\${1##*/}; file=\${file%%[?]*}
if command -v curl >/dev/null 2>&1; then curl -fsSL -o "$file" "$1"; else wget -q -O "$file" "$1"; fi
case $file in
  *.deb) dpkg -i "$file" ;;
  *.rpm) rpm -U --replacepkgs "$file" ;;
  *.tar.gz|*.tgz) tar -x -z -f "$file" -C / ;;
  *) echo "it is neither a .deb, an .rpm nor a .tar.gz" >&2; exit 1 ;;
esac
rm -f "$file"`;

const INSTALL_MS = 600_000;

async function fetchAndInstall(connection: Connection, url: string, signal: AbortSignal): Promise<void> {
  const argv = ['/bin/sh', '-c', INSTALL, 'sh', url];
  const { exitCode, stderr } = await connection.execute(argv, { signal, timeoutMs: INSTALL_MS });
  if (exitCode === 0) return;
  throw notInstalled(url, `exit code ${exitCode}`, stderr.split('\n').filter(Boolean).slice(-5));
}

function notInstalled(url: string, why: string, details: readonly string[]): GalleyError {
  return new GalleyError({
    code: 'client.not_installed',
    kind: 'infrastructure',
    message: `the client from ${url} could not be installed: ${why}`,
    details,
    hint: 'client: {from: image} streams one from this machine instead',
  });
}

function missing(source: ClientSource, there: ClientInstall | undefined): GalleyError {
  return new GalleyError({
    code: 'client.missing',
    kind: 'infrastructure',
    message:
      'the machine has no Chef or Cinc client, and client: {from: preinstalled} wants the one that is there',
    expected: source.product ?? 'cinc-client or chef-client in /opt or on the PATH',
    got: there === undefined ? 'none' : `${there.product} ${there.version} at ${there.binary}`,
    hint: 'client: {from: image} streams one there',
  });
}
