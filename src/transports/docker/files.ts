import { posix } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { GalleyError, hasCode } from '../../core/errors.ts';
import { containerGone, containerState } from '../../docker/container-state.ts';
import { isNotFound, toDockerError } from '../../docker/errors.ts';
import { type ExecOutcome, execInContainer } from '../../docker/exec.ts';
import {
  noSuchPath,
  notAFile,
  packCommand,
  transferError,
  unpackCommand,
  withoutEndSlash,
} from '../remote-files.ts';
import { watchedSource } from '../watched-source.ts';
import { belowFolder, firstEntry } from './tar.ts';
import { isHidden, type Target } from './target.ts';

/** Unpacks a tar stream into a folder, which is made when missing. */
export async function uploadTar(target: Target, tar: Readable, remoteDir: string): Promise<void> {
  const dir = withoutEndSlash(remoteDir);
  if (isHidden(target, dir)) return uploadByExec(target, tar, dir);
  // From the beginning: it may break before the engine has told the first thing.
  const broken = watchedSource(tar);
  try {
    const base = await deepestFolder(target, dir);
    const missing = posix.relative(base, dir);
    const placed = missing === '' ? tar : await belowFolder(tar, missing);
    await putArchive(target, placed, base, { tar, broken });
  } catch (error) {
    throw await explained(target, error, `upload to ${dir}`);
  }
}

/**
 * `tar` is `source`, or made from it. A source that breaks must break the request too: by itself the engine would wait
 * for the rest for ever.
 */
async function putArchive(
  target: Target,
  tar: Readable,
  path: string,
  { tar: source, broken }: { readonly tar: Readable; readonly broken: () => Error | undefined },
): Promise<void> {
  const early = broken();
  if (early !== undefined) throw early;
  const request = new AbortController();
  source.once('close', () => {
    if (broken() !== undefined) request.abort();
  });
  try {
    const container = target.engine.docker.getContainer(target.id);
    await container.putArchive(tar, { path, abortSignal: request.signal });
  } catch (error) {
    throw broken() ?? error;
  }
}

/** The nearest folder that exists, so that missing ones can be made by the same tar. */
async function deepestFolder(target: Target, dir: string): Promise<string> {
  const container = target.engine.docker.getContainer(target.id);
  for (let path = dir; path !== '/'; path = posix.dirname(path)) {
    try {
      // Also an empty answer must be read, or its socket keeps the process alive.
      ((await container.infoArchive({ path })) as unknown as Readable).resume();
      return path;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      if ((await containerState(target.engine, target.id)).status === 'gone') throw error;
    }
  }
  return '/';
}

async function uploadByExec(target: Target, tar: Readable, dir: string): Promise<void> {
  const argv = unpackCommand(dir);
  const broken = watchedSource(tar);
  const done = await execInContainer(target.engine, target.id, { argv, name: target.name, stdin: tar });
  const why = broken();
  if (why !== undefined) throw why;
  if (done.exitCode !== 0) throw failed(target, dir, 'unpack into', done);
}

/** Tar stream of a file or folder, rooted at its last path component. */
export async function downloadTar(target: Target, remotePath: string): Promise<Readable> {
  const path = withoutEndSlash(remotePath);
  if (isHidden(target, path)) return downloadByExec(target, path);
  try {
    return (await target.engine.docker.getContainer(target.id).getArchive({ path })) as unknown as Readable;
  } catch (error) {
    if (isNotFound(error)) throw await missing(target, path);
    throw await explained(target, error, `download ${path}`);
  }
}

async function downloadByExec(target: Target, path: string): Promise<Readable> {
  const there = await execInContainer(target.engine, target.id, {
    argv: ['/bin/sh', '-c', '[ -e "$1" ] || [ -L "$1" ]', 'sh', path],
    name: target.name,
  });
  if (there.exitCode !== 0) throw await missing(target, path);
  const out = new PassThrough();
  execInContainer(target.engine, target.id, {
    argv: packCommand(path),
    name: target.name,
    onOutput: (stream, chunk) => stream === 'stdout' && out.write(chunk),
  }).then(
    (done) => {
      if (done.exitCode === 0) out.end();
      else out.destroy(failed(target, path, 'pack', done));
    },
    (error: Error) => out.destroy(error),
  );
  return out;
}

const MAX_LINKS = 10;

/** Content of a regular file, symlinks followed; undefined when it does not exist. */
export async function readOneFile(target: Target, remotePath: string): Promise<Buffer | undefined> {
  let path = posix.normalize(remotePath);
  for (let links = 0; links < MAX_LINKS; links += 1) {
    let tar: Readable;
    try {
      tar = await downloadTar(target, path);
    } catch (error) {
      if (hasCode(error, 'transport.no_such_path')) return undefined;
      throw error;
    }
    const entry = await firstEntry(tar);
    if (entry.type === 'file') return entry.content;
    if (entry.type !== 'symlink') break;
    path = posix.resolve(posix.dirname(path), entry.target);
  }
  throw notAFile(remotePath, whereOf(target));
}

async function missing(target: Target, path: string): Promise<GalleyError> {
  const state = await containerState(target.engine, target.id);
  if (state.status !== 'running') return containerGone(target.engine, target.id, target.name);
  return noSuchPath(path, whereOf(target));
}

async function explained(target: Target, error: unknown, doing: string): Promise<Error> {
  const state = await containerState(target.engine, target.id).catch(() => undefined);
  if (state && state.status !== 'running') return containerGone(target.engine, target.id, target.name);
  const known = toDockerError(error, `${doing} ${whereOf(target)}`);
  if (!(known instanceof GalleyError) || known.code !== 'docker.failed') return known;
  const { message } = known;
  return new GalleyError({
    code: 'transport.transfer_failed',
    kind: 'infrastructure',
    message,
    cause: error,
  });
}

function failed(
  target: Target,
  path: string,
  doing: string,
  { exitCode, stderr }: Pick<ExecOutcome, 'exitCode' | 'stderr'>,
): GalleyError {
  const noTar =
    'the image has no tar: choose a folder on disk (root_path below /opt or /var), not in /tmp or /run';
  return transferError({
    doing: `${doing} ${path}`,
    path,
    where: whereOf(target),
    exitCode,
    stderr,
    ...(exitCode === 127 && { hint: noTar }),
  });
}

function whereOf({ name }: Target): string {
  return `in ${name}`;
}
