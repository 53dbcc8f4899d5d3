import ssh2 from 'ssh2';
import tap from 'tap';
import { newPrivateKey } from './key-pair.ts';

await tap.test(
  'a key of a run can always be read again, though ssh2 makes one of 256 that cannot',
  async (t) => {
    const isReadable = (key: string): boolean => !(ssh2.utils.parseKey(key) instanceof Error);
    const keys = Array.from({ length: 1500 }, () => newPrivateKey(ssh2, 'ed25519', 'galley-test'));
    t.equal(keys.filter(isReadable).length, keys.length);
    t.ok(isReadable(newPrivateKey(ssh2, 'rsa', 'galley-test')));
  },
);
