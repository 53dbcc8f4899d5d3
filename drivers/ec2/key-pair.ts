import { DeleteKeyPairCommand, ImportKeyPairCommand } from '@aws-sdk/client-ec2';
import type Ssh2 from 'ssh2';
import type { Account } from './account.ts';
import { awsCode, isNotFound } from './errors.ts';
import type { RunFolder } from './run-folder.ts';
import { specifications, type TagInput, tagsFor } from './tags.ts';

/** Makes the run's key on this side, once, and gives its private half. */
export async function makeKey(folder: RunFolder, name: string, type: 'ed25519' | 'rsa'): Promise<string> {
  const { default: ssh2 } = await import('ssh2');
  return folder.key(() => newPrivateKey(ssh2, type, name));
}

/**
 * Lets the run's key into machines: the private half is made here and stays here, AWS gets the public one. A name that
 * is there already is the same key, from a request whose answer was lost.
 */
export async function importKey(
  account: Account,
  folder: RunFolder,
  name: string,
  type: 'ed25519' | 'rsa',
  tags: Omit<TagInput, 'kind'>,
): Promise<void> {
  const { default: ssh2 } = await import('ssh2');
  const parsed = ssh2.utils.parseKey(await makeKey(folder, name, type));
  if (parsed instanceof Error) throw parsed;
  const [key] = [parsed].flat();
  const line = `${key?.type} ${key?.getPublicSSH().toString('base64')} ${name}`;
  try {
    await account.ask(
      'ImportKeyPair',
      'register the key of this run',
      (ec2) =>
        ec2.send(
          new ImportKeyPairCommand({
            KeyName: name,
            PublicKeyMaterial: Buffer.from(line),
            TagSpecifications: specifications(tagsFor({ ...tags, kind: 'key' }), ['key-pair']),
          }),
        ),
      isDuplicate,
    );
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/**
 * A private key in OpenSSH's format. One of 256 ed25519 keys that ssh2 1.17 makes is damaged
 * (https://github.com/mscdex/ssh2/issues/1390): such a one is made again.
 */
export function newPrivateKey(ssh2: typeof Ssh2, type: 'ed25519' | 'rsa', comment: string): string {
  const { utils } = ssh2;
  for (let tries = 10; ; tries -= 1) {
    const { private: key } =
      type === 'rsa'
        ? utils.generateKeyPairSync('rsa', { bits: 3072, comment })
        : utils.generateKeyPairSync('ed25519', { comment });
    const parsed = utils.parseKey(key);
    if (!(parsed instanceof Error)) return key;
    if (tries === 0) throw parsed;
  }
}

function isDuplicate(error: unknown): boolean {
  return awsCode(error) === 'InvalidKeyPair.Duplicate';
}

/** Succeeds when it is gone already. */
export async function deleteKey(account: Account, name: string): Promise<void> {
  try {
    await account.ask(
      'DeleteKeyPair',
      `delete the key pair ${name}`,
      (ec2) => ec2.send(new DeleteKeyPairCommand({ KeyName: name })),
      isNotFound,
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
