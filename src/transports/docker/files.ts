import { posix } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { GalleyError } from '../../core/errors.ts';
import { containerGone, containerState } from '../../docker/container-state.ts';
import { isNotFound, toDockerError } from '../../docker/errors.ts';
import { execInContainer } from '../../docker/exec.ts';
import { belowFolder, firstEntry } from './tar.ts';
import { isHidden, type Target } from './target.ts';

/** Unpacks a tar stream into a folder, which is made when missing. */
export async function uploadTar(target: Target, tar: Readable, remoteDir: string): Promise<void> {
  const dir = posix.normalize(remoteDir).replace(/(?<=.)\/+$/, '');
  if (isHidden(target, dir)) return uploadByExec(target, tar, dir);
  try {
    const base = await deepestFolder(target, dir);
    const missing = posix.relative(base, dir);
    await putArchive(target, missing === '' ? tar : await belowFolder(tar, missing), base);
  } catch (error) {
    throw await explained(target, error, `upload to ${dir}`);
  }
}

/** A source that breaks must break the request too: by itself the engine would wait for the rest for ever. */
async function putArchive(target: Target, tar: Readable, path: string): Promise<void> {
  const broken = new AbortController();
  let reason: Error | undefined;
  tar.once('error', (error: Error) => {
    reason = error;
    broken.abort();
  });
  try {
    const container = target.engine.docker.getContainer(target.id);
    await container.putArchive(tar, { path, abortSignal: broken.signal });
  } catch (error) {
    throw reason ?? error;
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
  const script = 'mkdir -p "$1" && exec tar -x -p -f - -C "$1"';
  const argv = ['/bin/sh', '-c', script, 'sh', dir];
  const done = await execInContainer(target.engine, target.id, { argv, name: target.name, stdin: tar });
  if (done.exitCode !== 0) throw failed(target, `unpack into ${dir}`, done.stderr, done.exitCode);
}

/** Tar stream of a file or folder, rooted at its last path component. */
export async function downloadTar(target: Target, remotePath: string): Promise<Readable> {
  const path = posix.normalize(remotePath);
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
    argv: ['tar', '-c', '-f', '-', '-C', posix.dirname(path), '--', posix.basename(path)],
    name: target.name,
    onOutput: (stream, chunk) => stream === 'stdout' && out.write(chunk),
  }).then(
    (done) => {
      if (done.exitCode === 0) out.end();
      else out.destroy(failed(target, `pack ${path}`, done.stderr, done.exitCode));
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
      if (error instanceof GalleyError && error.code === 'transport.no_such_path') return undefined;
      throw error;
    }
    const entry = await firstEntry(tar);
    if (entry.type === 'file') return entry.content;
    if (entry.type !== 'symlink') break;
    path = posix.resolve(posix.dirname(path), entry.target);
  }
  throw new GalleyError({
    code: 'transport.not_a_file',
    kind: 'infrastructure',
    message: `${remotePath} in ${target.name} is not a regular file`,
  });
}

async function missing(target: Target, path: string): Promise<GalleyError> {
  const state = await containerState(target.engine, target.id);
  if (state.status !== 'running') return containerGone(target.engine, target.id, target.name);
  return new GalleyError({
    code: 'transport.no_such_path',
    kind: 'infrastructure',
    message: `${path} does not exist in ${target.name}`,
  });
}

async function explained(target: Target, error: unknown, doing: string): Promise<Error> {
  const state = await containerState(target.engine, target.id).catch(() => undefined);
  if (state && state.status !== 'running') return containerGone(target.engine, target.id, target.name);
  return toDockerError(error, `${doing} in ${target.name}`);
}

function failed(target: Target, doing: string, stderr: string, exitCode: number): GalleyError {
  const full = /no space left on device/i.test(stderr);
  return new GalleyError({
    code: full ? 'docker.disk_full' : 'transport.transfer_failed',
    kind: 'infrastructure',
    message: `could not ${doing} in ${target.name}: ${full ? 'no space left on device' : `exit code ${exitCode}`}`,
    details: stderr.split('\n').filter(Boolean).slice(-5),
    hint:
      exitCode === 127
        ? 'the image has no tar: choose a folder on disk (root_path below /opt or /var), not in /tmp or /run'
        : 'galley login shows what is there',
  });
}
