import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { type Finding, fail, ok, warn } from './finding.ts';

/** What a look at a key file told. `kind` is known only of one that could be read. */
export interface KeyFacts {
  readonly path: string;
  readonly exists: boolean;
  readonly isReadable: boolean;
  /** Permission bits. */
  readonly mode: number;
  readonly kind: 'private' | 'encrypted' | 'public' | 'unknown';
  /** Whether an agent answered that holds keys: it may hold this one without its passphrase being asked for. */
  readonly agentHasKeys: boolean;
}

export function judgeKey({ path, exists, isReadable, mode, kind, agentHasKeys }: KeyFacts): Finding {
  const probe = 'ssh key';
  if (!exists)
    return fail(
      probe,
      `${path} does not exist`,
      'correct transport.ssh_key, or ssh-keygen -t ed25519 makes one',
    );
  if (!isReadable)
    return fail(probe, `${path} cannot be read by you`, `chown it to yourself, then chmod 600 ${path}`);
  if (kind === 'public') {
    const fix = `name the private key: ${path.replace(/\.pub$/, '')}`;
    return fail(probe, `${path} is a public key`, fix);
  }
  if (kind === 'unknown')
    return fail(
      probe,
      `${path} is no key that can be used`,
      `ssh-keygen -y -f ${path} says what is wrong with it`,
    );
  if ((mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    return fail(
      probe,
      `${path} has mode ${octal}: ssh refuses a key that others can read`,
      `chmod 600 ${path}`,
    );
  }
  if (kind === 'encrypted' && !agentHasKeys)
    return warn(probe, `${path} has a passphrase, and no agent holds a key`, `ssh-add ${path}`);
  return ok(probe, `${path}${kind === 'encrypted' ? ', with a passphrase (an agent holds keys)' : ''}`);
}

/** Looks at a key without keeping or telling anything of its content. */
export async function keyFacts(path: string, agentHasKeys: boolean): Promise<KeyFacts> {
  const facts = { path, agentHasKeys, exists: true, isReadable: true, mode: 0o600, kind: 'unknown' } as const;
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) return { ...facts, exists: info !== undefined };
  const isReadable = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!isReadable) return { ...facts, isReadable, mode: info.mode };
  const { utils } = (await import('ssh2')).default;
  const parsed = utils.parseKey(await readFile(path));
  if (parsed instanceof Error) {
    return { ...facts, mode: info.mode, kind: /passphrase/i.test(parsed.message) ? 'encrypted' : 'unknown' };
  }
  // A file may hold several; the first decides.
  const first = Array.isArray(parsed) ? parsed[0] : parsed;
  return { ...facts, mode: info.mode, kind: first?.isPrivateKey() ? 'private' : 'public' };
}
