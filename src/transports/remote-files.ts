import { posix } from 'node:path';
import { GalleyError } from '../core/errors.ts';
import type { CommandResult } from '../core/transport.ts';

/** Exit codes by which the commands below tell what tar and cat would not. */
const MISSING = 44;
const NOT_A_FILE = 45;

/** Unpacks the tar on its input into a folder, which is made when missing. */
export function unpackCommand(remoteDir: string): readonly string[] {
  const script = 'mkdir -p "$1" && exec tar -x -p -f - -C "$1"';
  return ['/bin/sh', '-c', script, 'sh', withoutEndSlash(remoteDir)];
}

/** Writes a tar of a file or folder, rooted at its last path component, to its output. */
export function packCommand(remotePath: string, options: '-c' | '-cz' = '-c'): readonly string[] {
  const path = withoutEndSlash(remotePath);
  const script = `[ -e "$1" ] || [ -L "$1" ] || exit ${MISSING}; exec tar ${options} -f - -C "$2" -- "$3"`;
  return ['/bin/sh', '-c', script, 'sh', path, posix.dirname(path), posix.basename(path)];
}

/** Writes the content of a regular file, symlinks followed, to its output. */
export function readCommand(remotePath: string): readonly string[] {
  const script = `[ -e "$1" ] || exit ${MISSING}; [ -f "$1" ] || exit ${NOT_A_FILE}; exec cat -- "$1"`;
  return ['/bin/sh', '-c', script, 'sh', remotePath];
}

/** What `readCommand` gave; undefined where there is no such path. `failed`: the error for another failure. */
export async function readWith(
  run: (argv: readonly string[], onStdout: (chunk: Buffer) => void) => Promise<CommandResult>,
  remotePath: string,
  failed: (done: CommandResult) => GalleyError,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  const done = await run(readCommand(remotePath), (chunk) => void chunks.push(chunk));
  if (isMissing(done.exitCode)) return undefined;
  if (done.exitCode !== 0) throw failed(done);
  return Buffer.concat(chunks);
}

/** Whether one of the commands ended because there is no such path. */
export function isMissing(exitCode: number): boolean {
  return exitCode === MISSING;
}

/** What one of the commands, or another that moves files, ended with. */
export interface FailedTransfer {
  /** Completes "could not …": `unpack into /opt/x`. */
  readonly doing: string;
  readonly path: string;
  /** `on web.example`, `in web-debian-12`. */
  readonly where: string;
  readonly exitCode: number;
  readonly stderr: string;
  /** What to do where the reason is not known from the words of the command. */
  readonly hint?: string;
}

/** The error is the same with every transport: `transport.no_such_path`, `.not_a_file`, `.disk_full`, `.transfer_failed`. */
export function transferError(failed: FailedTransfer): GalleyError {
  const { doing, path, where, exitCode, stderr, hint } = failed;
  if (exitCode === MISSING) return noSuchPath(path, where);
  if (exitCode === NOT_A_FILE) return notAFile(path, where);
  const isFull = /no space left on device/i.test(stderr);
  return new GalleyError({
    code: isFull ? 'transport.disk_full' : 'transport.transfer_failed',
    kind: 'infrastructure',
    message: `could not ${doing} ${where}: ${isFull ? 'no space left on device' : `exit code ${exitCode}`}`,
    details: stderr.split('\n').filter(Boolean).slice(-5),
    hint: isFull ? 'free space there' : (hint ?? 'galley login shows what is there'),
  });
}

export function noSuchPath(path: string, where: string): GalleyError {
  return new GalleyError({
    code: 'transport.no_such_path',
    kind: 'infrastructure',
    message: `${path} does not exist ${where}`,
  });
}

export function notAFile(path: string, where: string): GalleyError {
  return new GalleyError({
    code: 'transport.not_a_file',
    kind: 'infrastructure',
    message: `${path} ${where} is not a regular file`,
  });
}

/** tar roots what it packs at the last component, which a slash at the end would make empty. */
export function withoutEndSlash(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/+$/, '');
}
