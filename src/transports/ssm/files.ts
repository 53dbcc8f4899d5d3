import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import { GalleyError } from '../../core/errors.ts';
import type { CommandResult } from '../../core/transport.ts';
import { packCommand, readWith, transferError, withoutEndSlash } from '../remote-files.ts';
import { execute } from './execute.ts';
import type { Place } from './place.ts';
import { mib, sendFile } from './send-file.ts';

/** Uploads that take long enough to be told of, bytes. */
const TOLD = 1024 * 1024;

/** Unpacks a tar stream into a folder, which is made when missing. */
export async function uploadTar(
  place: Place,
  tar: Readable,
  remoteDir: string,
  onProgress: (text: string) => void,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const packed = await promisify(gzip)(Buffer.concat(chunks));
  const file = `${place.folder}/upload-${randomBytes(8).toString('hex')}.tgz`;
  await sendFile(place, packed, file, (sent) => {
    if (packed.length > TOLD)
      onProgress(
        `sending ${mib(packed.length)} through Systems Manager, ${mib(sent)} are there (seconds with s3_bucket:)`,
      );
  });
  const script = 'mkdir -p "$2" && gzip -dc < "$1" | tar -x -p -f - -C "$2"; c=$?; rm -f "$1"; exit $c';
  const argv = ['/bin/sh', '-c', script, 'sh', file, withoutEndSlash(remoteDir)];
  const done = await execute(place, { argv });
  if (done.exitCode !== 0) throw failed(place, remoteDir, 'unpack into', done);
}

/** Tar stream of a file or folder, rooted at its last path component. */
export async function downloadTar(place: Place, remotePath: string): Promise<Readable> {
  const chunks: Buffer[] = [];
  const done = await execute(place, {
    argv: packCommand(remotePath, '-cz'),
    onStdout: (chunk) => void chunks.push(chunk),
  });
  if (done.exitCode !== 0) throw failed(place, remotePath, 'pack', done);
  const content = new PassThrough();
  const plain = Readable.from(chunks).pipe(createGunzip());
  plain.once('error', (error) => content.destroy(error));
  return plain.pipe(content);
}

/** Content of a regular file, symlinks followed; undefined when it does not exist. */
export async function readOneFile(place: Place, remotePath: string): Promise<Buffer | undefined> {
  return readWith(
    (argv, onStdout) => execute(place, { argv, onStdout }),
    remotePath,
    (done) => failed(place, remotePath, 'read', done),
  );
}

function failed(
  { agent }: Place,
  path: string,
  doing: string,
  { exitCode, stderr }: Pick<CommandResult, 'exitCode' | 'stderr'>,
): GalleyError {
  return transferError({
    doing: `${doing} ${path}`,
    path,
    where: `on ${agent.instanceId}`,
    exitCode,
    stderr,
    ...(exitCode === 127 && { hint: 'the machine has no tar or no gzip: install them' }),
  });
}
