import { posix } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { deferred } from '../../core/deferred.ts';
import { GalleyError } from '../../core/errors.ts';
import { execute, type Shell } from './execute.ts';

const MISSING = 44;
const NO_FILE = 45;

/** Unpacks a tar stream into a folder, which is made when missing. */
export async function uploadTar(shell: Shell, tar: Readable, remoteDir: string): Promise<void> {
  const script = 'mkdir -p "$1" && exec tar -x -p -f - -C "$1"';
  const argv = ['/bin/sh', '-c', script, 'sh', posix.normalize(remoteDir)];
  let broken: Error | undefined;
  let hasEnded = false;
  tar.once('end', () => {
    hasEnded = true;
  });
  tar.once('error', (error) => {
    broken = error;
  });
  tar.once('close', () => {
    if (!hasEnded) broken ??= new Error('the stream of files broke off');
  });
  const done = await execute(shell, { argv, stdin: tar });
  if (broken !== undefined) throw broken;
  if (done.exitCode !== 0) throw failed(shell, `unpack into ${remoteDir}`, done.stderr, done.exitCode);
}

/** Tar stream of a file or folder, rooted at its last path component. */
export async function downloadTar(shell: Shell, remotePath: string): Promise<Readable> {
  const path = posix.normalize(remotePath).replace(/(?<=.)\/+$/, '');
  const script = `[ -e "$1" ] || [ -L "$1" ] || exit ${MISSING}; exec tar -c -f - -C "$2" -- "$3"`;
  const argv = ['/bin/sh', '-c', script, 'sh', path, posix.dirname(path), posix.basename(path)];
  const content = new PassThrough();
  const cancel = new AbortController();
  const { promise: begun, resolve, reject } = deferred();
  content.once('close', () => cancel.abort());
  execute(shell, {
    argv,
    signal: cancel.signal,
    onStdout: (chunk) => {
      resolve();
      if (content.write(chunk)) return undefined;
      return new Promise<void>((go) => {
        content.once('drain', go);
        content.once('close', go);
      });
    },
  }).then(
    ({ exitCode, stderr }) => {
      if (exitCode === MISSING) reject(noSuchPath(shell, path));
      else if (exitCode === 0) content.end();
      else content.destroy(failed(shell, `pack ${path}`, stderr, exitCode));
      resolve();
    },
    (error: Error) => {
      reject(error);
      content.destroy(cancel.signal.aborted ? undefined : error);
    },
  );
  await begun;
  return content;
}

/** Content of a regular file, symlinks followed; undefined when it does not exist. */
export async function readOneFile(shell: Shell, remotePath: string): Promise<Buffer | undefined> {
  const script = `[ -e "$1" ] || exit ${MISSING}; [ -f "$1" ] || exit ${NO_FILE}; exec cat -- "$1"`;
  const chunks: Buffer[] = [];
  const { exitCode, stderr } = await execute(shell, {
    argv: ['/bin/sh', '-c', script, 'sh', remotePath],
    onStdout: (chunk) => void chunks.push(chunk),
  });
  if (exitCode === MISSING) return undefined;
  if (exitCode === NO_FILE)
    throw new GalleyError({
      code: 'transport.not_a_file',
      kind: 'infrastructure',
      message: `${remotePath} on ${shell.link.place.host} is not a regular file`,
    });
  if (exitCode !== 0) throw failed(shell, `read ${remotePath}`, stderr, exitCode);
  return Buffer.concat(chunks);
}

function noSuchPath(shell: Shell, path: string): GalleyError {
  return new GalleyError({
    code: 'transport.no_such_path',
    kind: 'infrastructure',
    message: `${path} does not exist on ${shell.link.place.host}`,
  });
}

function failed(shell: Shell, doing: string, stderr: string, exitCode: number): GalleyError {
  const isFull = /no space left on device/i.test(stderr);
  const mayNot = /permission denied|cannot (mkdir|open)/i.test(stderr) && !shell.sudo;
  return new GalleyError({
    code: isFull ? 'transport.disk_full' : 'transport.transfer_failed',
    kind: 'infrastructure',
    message: `could not ${doing} on ${shell.link.place.host}: ${isFull ? 'no space left on device' : `exit code ${exitCode}`}`,
    details: stderr.split('\n').filter(Boolean).slice(-5),
    hint:
      exitCode === 127
        ? 'the machine has no tar: install it'
        : mayNot
          ? 'transport: {sudo: true} does it as root; or choose another root_path'
          : 'galley login shows what is there',
  });
}
