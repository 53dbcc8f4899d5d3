import { PassThrough, type Readable } from 'node:stream';
import type { GalleyError } from '../../core/errors.ts';
import type { CommandResult } from '../../core/transport.ts';
import { isMissing, packCommand, readWith, transferError, unpackCommand } from '../remote-files.ts';
import { watchedSource } from '../watched-source.ts';
import { execute, type Shell } from './execute.ts';

/** Unpacks a tar stream into a folder, which is made when missing. */
export async function uploadTar(shell: Shell, tar: Readable, remoteDir: string): Promise<void> {
  const broken = watchedSource(tar);
  const done = await execute(shell, { argv: unpackCommand(remoteDir), stdin: tar });
  const why = broken();
  if (why !== undefined) throw why;
  if (done.exitCode !== 0) throw failed(shell, remoteDir, 'unpack into', done);
}

/** Tar stream of a file or folder, rooted at its last path component. */
export async function downloadTar(shell: Shell, remotePath: string): Promise<Readable> {
  const content = new PassThrough();
  const cancel = new AbortController();
  const { promise: begun, resolve, reject } = Promise.withResolvers<void>();
  content.once('close', () => cancel.abort());
  execute(shell, {
    argv: packCommand(remotePath),
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
    (done) => {
      const error = done.exitCode === 0 ? undefined : failed(shell, remotePath, 'pack', done);
      if (error && isMissing(done.exitCode)) reject(error);
      else if (error) content.destroy(error);
      else content.end();
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
  return readWith(
    (argv, onStdout) => execute(shell, { argv, onStdout }),
    remotePath,
    (done) => failed(shell, remotePath, 'read', done),
  );
}

function failed(
  { link, sudo }: Shell,
  path: string,
  doing: string,
  { exitCode, stderr }: Pick<CommandResult, 'exitCode' | 'stderr'>,
): GalleyError {
  const mayNot = /permission denied|cannot (mkdir|open)/i.test(stderr) && !sudo;
  return transferError({
    doing: `${doing} ${path}`,
    path,
    where: `on ${link.place.host}`,
    exitCode,
    stderr,
    ...(mayNot && { hint: 'transport: {sudo: true} does it as root; or choose another root_path' }),
    ...(exitCode === 127 && { hint: 'the machine has no tar: install it' }),
  });
}
