import { fingerprintOf } from '../../src/core/host-key.ts';

const BLOCK = /-----BEGIN SSH HOST KEY (FINGERPRINTS|KEYS)-----([\s\S]*?)-----END SSH HOST KEY \1-----/g;

/**
 * Fingerprints (`SHA256:…`) of the host keys that cloud-init prints on the console
 * (https://cloudinit.readthedocs.io, module keys_to_console). Empty while it has not printed them.
 */
export function hostKeysOf(console: string): readonly string[] {
  const found = [...console.matchAll(BLOCK)].flatMap(([, kind, text = '']) =>
    text.split(/\r?\n/).flatMap((line) => (kind === 'KEYS' ? fingerprint(line) : printed(line))),
  );
  return [...new Set(found)];
}

function printed(line: string): readonly string[] {
  const [hash] = /SHA256:[A-Za-z0-9+/]{43}/.exec(line) ?? [];
  return hash === undefined ? [] : [hash];
}

/** `ssh-ed25519 AAAA… comment` */
function fingerprint(line: string): readonly string[] {
  const [, key] = /(?:^|\s)(?:ssh-|ecdsa-)\S+ ([A-Za-z0-9+/]{40,}={0,2})/.exec(line) ?? [];
  return key === undefined ? [] : [fingerprintOf(Buffer.from(key, 'base64'))];
}
