import { createHash } from 'node:crypto';

/** `SHA256:…`, as ssh-keygen -l prints it, of a public key in the wire format of RFC 4253. */
export function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
