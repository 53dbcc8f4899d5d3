import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GalleyError } from '../../core/errors.ts';
import { fingerprintOf } from '../../core/host-key.ts';

/** `ssh-ed25519`: the name that a public key in wire format begins with. */
export function keyTypeOf(key: Uint8Array): string {
  const bytes = Buffer.from(key);
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  return bytes.subarray(4, 4 + length).toString('latin1');
}

/** Where the host keys of an instance are kept, in the format of ssh's known_hosts. */
export function knownHostsFile(root: string, instance: string): string {
  return join(root, '.galley', 'known_hosts', instance);
}

export interface KnownKey {
  readonly host: string;
  readonly type: string;
  readonly fingerprint: string;
}

function fileError(file: string, why: string): GalleyError {
  return new GalleyError({
    code: 'ssh.known_hosts_unreadable',
    kind: 'infrastructure',
    message: `the host key that was seen first cannot be read: ${why}`,
    got: file,
    hint: 'correct the permissions of the file; without it nobody can tell whether this is the same machine',
  });
}

/** The keys remembered for the machine of an instance; empty when it was never connected to. */
export async function readHostKeys(root: string, instance: string): Promise<readonly KnownKey[]> {
  const file = knownHostsFile(root, instance);
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    // One that is there and cannot be read must not let any key pass as the first one.
    if (error.code !== 'ENOENT') throw fileError(file, error.message);
    return '';
  });
  return content.split('\n').flatMap((line) => {
    const [host = '', type = '', base64 = ''] = line.split(' ');
    return base64 === '' ? [] : [{ host, type, fingerprint: fingerprintOf(Buffer.from(base64, 'base64')) }];
  });
}

export async function rememberHostKey(
  root: string,
  instance: string,
  host: string,
  key: Uint8Array,
): Promise<void> {
  const file = knownHostsFile(root, instance);
  await mkdir(dirname(file), { recursive: true });
  const line = `${host} ${keyTypeOf(key)} ${Buffer.from(key).toString('base64')}\n`;
  await writeFile(file, line, { mode: 0o600, flag: 'a' });
}

/** The next machine of the instance has keys of its own. */
export async function forgetHostKeys(root: string, instance: string): Promise<void> {
  await rm(knownHostsFile(root, instance), { force: true });
}

/** As known_hosts names it: `host`, or `[host]:port` when the port is not 22. */
export function knownHostName(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}
