import { relative } from 'node:path';
import { fingerprintOf } from '../../core/host-key.ts';
import { hostKeyError, type Place } from './errors.ts';
import { keyTypeOf, knownHostName, knownHostsFile, readHostKeys, rememberHostKey } from './known-hosts.ts';

export interface HostKeyRule {
  readonly place: Place;
  readonly root: string;
  /** Whose file of known keys it is: an instance, or a bastion. */
  readonly owner: string;
  /** Fingerprints that are right, with where they come from; `first-use` when nobody knows. */
  readonly right:
    | 'first-use'
    | 'ignore'
    | { readonly fingerprints: readonly string[]; readonly from: string };
}

export interface HostKeyJudge {
  /** Types of the keys that are remembered. */
  readonly keyTypes: readonly string[];
  readonly judge: (key: Buffer) => Promise<Error | undefined>;
}

/** Decides about host keys, and remembers the first one seen where nothing else says which is right. */
export async function hostKeyJudge({ place, root, owner, right }: HostKeyRule): Promise<HostKeyJudge> {
  if (right === 'ignore') return { keyTypes: [], judge: async () => undefined };
  if (right !== 'first-use') {
    const { from, fingerprints } = right;
    const judge = async (key: Buffer): Promise<Error | undefined> => {
      const got = fingerprintOf(key);
      if (fingerprints.some((one) => one.replace(/=+$/, '') === got)) return undefined;
      const hint = 'if the machine was made anew, destroy the instance and create it again';
      return hostKeyError(place, { expected: fingerprints, got, from, hint });
    };
    return { keyTypes: [], judge };
  }
  const known = await readHostKeys(root, owner);
  const judge = async (key: Buffer): Promise<Error | undefined> => {
    const got = fingerprintOf(key);
    if (known.some((one) => one.fingerprint === got)) return undefined;
    if (known.length === 0) {
      await rememberHostKey(root, owner, knownHostName(place.host, place.port), key);
      return undefined;
    }
    const file = relative(root, knownHostsFile(root, owner));
    return hostKeyError(place, {
      expected: known.map((one) => `${one.fingerprint} (${one.type})`),
      got: `${got} (${keyTypeOf(key)})`,
      from: 'that was seen when it was first connected to',
      hint: `if it was made anew on purpose, remove ${file}; if not, do not log in`,
    });
  };
  return { keyTypes: [...new Set(known.map((one) => one.type))], judge };
}
