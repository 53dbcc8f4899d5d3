import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyAuthMethod, BaseAgent, ParsedKey } from 'ssh2';
import { fingerprintOf } from '../../core/host-key.ts';
import { keyFileError } from './errors.ts';

/** One way to prove who we are. */
export interface Credential {
  /** `key /home/me/.ssh/id_ed25519 (ssh-ed25519 SHA256:…)`; holds no secret. */
  readonly label: string;
  /** What the server must accept for it to be tried. */
  readonly method: 'publickey' | 'password' | 'keyboard-interactive';
  /** As in authorized_keys; absent for a password. */
  readonly publicKey?: string;
  /** For ssh2's authHandler. */
  auth(username: string): AnyAuthMethod;
}

export interface CredentialSources {
  /** Absolute paths that the user or the driver named: each must be usable. */
  readonly keyFiles: readonly string[];
  readonly password: string | undefined;
  /** Neither the agent, nor the usual files, nor the password. */
  readonly keysOnly: boolean;
  readonly useAgent: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Credentials {
  /** In the order in which they are tried: what was named first. */
  readonly list: readonly Credential[];
  /** What was there and could not be used, and why. */
  readonly unused: readonly string[];
  /** The agent, for forwarding. */
  readonly agent: string | undefined;
}

const USUAL_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
const AGENT_MS = 3000;

/** Throws `ssh.key_unusable` for a key file that was named and cannot be used. */
export async function gatherCredentials(sources: CredentialSources): Promise<Credentials> {
  const unused: string[] = [];
  const { env } = sources;
  const socket = env['SSH_AUTH_SOCK'] || undefined;
  const held = sources.useAgent && socket !== undefined ? await agentKeys(socket, unused) : [];
  const agent = socket !== undefined && held.length > 0 ? socket : undefined;
  const named: Credential[] = [];
  for (const file of sources.keyFiles) named.push(await fromFile(file, held));
  if (sources.keysOnly) return { list: named, unused, agent };
  const password = sources.password === undefined ? [] : passwordWays(sources.password);
  const usual = named.length > 0 ? [] : await usualKeys(env['HOME'], held, unused);
  const list = [...named, ...password, ...held.map((one) => one.credential), ...usual];
  return { list: withoutRepeats(list), unused, agent };
}

interface HeldKey {
  readonly fingerprint: string;
  readonly credential: Credential;
}

async function agentKeys(socket: string, unused: string[]): Promise<readonly HeldKey[]> {
  const { createAgent } = (await import('ssh2')).default;
  const agent = createAgent(socket);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${AGENT_MS / 1000} s`)), AGENT_MS);
  });
  const asked = new Promise<readonly ParsedKey[]>((resolve, reject) => {
    agent.getIdentities((error, keys) => (error ? reject(error) : resolve((keys ?? []) as ParsedKey[])));
  });
  try {
    const keys = await Promise.race([asked, late]);
    // One key at a time, so that it can be told which were tried.
    return keys.map((key) => {
      const fingerprint = fingerprintOf(key.getPublicSSH());
      const label = `agent key ${key.comment || key.type} (${fingerprint})`;
      const getIdentities = (done: (error: Error | undefined, keys: ParsedKey[]) => void): void =>
        done(undefined, [key]);
      const one = Object.assign(Object.create(agent) as BaseAgent, { getIdentities });
      const auth = (username: string): AnyAuthMethod => ({ type: 'agent', username, agent: one });
      return { fingerprint, credential: { label, method: 'publickey', publicKey: lineOf(key), auth } };
    });
  } catch (error) {
    unused.push(`the agent at ${socket}: ${(error as Error).message}`);
    return [];
  } finally {
    clearTimeout(timer);
  }
}

async function fromFile(file: string, held: readonly HeldKey[]): Promise<Credential> {
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw keyFileError(file, error.code === 'ENOENT' ? 'it does not exist' : error.message);
  });
  const { utils } = (await import('ssh2')).default;
  const parsed = utils.parseKey(content) as ParsedKey | readonly ParsedKey[] | Error;
  if (parsed instanceof Error) {
    if (!/passphrase/i.test(parsed.message)) throw keyFileError(file, parsed.message);
    const same = held.find((one) => one.fingerprint === publicHalf(content));
    const beside = same ?? (await heldByPub(file, held));
    if (beside) return beside.credential;
    throw keyFileError(file, 'it has a passphrase, and no agent holds it');
  }
  const key = (Array.isArray(parsed) ? parsed[0] : parsed) as ParsedKey;
  if (!key.isPrivateKey()) throw keyFileError(file, 'it is a public key');
  const label = `key ${file} (${key.type} ${fingerprintOf(key.getPublicSSH())})`;
  return {
    label,
    method: 'publickey',
    publicKey: lineOf(key),
    auth: (username) => ({ type: 'publickey', username, key }),
  };
}

function lineOf(key: ParsedKey): string {
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

/** The public half stands in the clear before the encrypted part of OpenSSH's format (PROTOCOL.key). */
function publicHalf(content: Buffer): string | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(content.toString('latin1'))?.[1];
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body, 'base64');
  // "openssh-key-v1\0", then the strings cipher, kdf and kdf options, the number of keys, and the first public key.
  let at = 15;
  const next = (): Buffer => {
    const start = at + 4;
    at = start + bytes.readUInt32BE(at);
    return bytes.subarray(start, at);
  };
  try {
    for (let skipped = 0; skipped < 3; skipped += 1) next();
    at += 4;
    return fingerprintOf(next());
  } catch {
    return undefined;
  }
}

async function heldByPub(file: string, held: readonly HeldKey[]): Promise<HeldKey | undefined> {
  const [, base64 = ''] = (await readFile(`${file}.pub`, 'utf8').catch(() => '')).split(' ');
  const fingerprint = fingerprintOf(Buffer.from(base64, 'base64'));
  return held.find((one) => one.fingerprint === fingerprint);
}

async function usualKeys(
  home: string | undefined,
  held: readonly HeldKey[],
  unused: string[],
): Promise<readonly Credential[]> {
  if (home === undefined) return [];
  const found: Credential[] = [];
  for (const file of USUAL_KEYS.map((name) => join(home, '.ssh', name)).filter(existsSync)) {
    try {
      found.push(await fromFile(file, held));
    } catch (error) {
      unused.push((error as Error).message);
    }
  }
  return found;
}

/** Many servers ask for the password as an interactive question. */
function passwordWays(password: string): readonly Credential[] {
  return [
    {
      label: 'the password',
      method: 'password',
      auth: (username) => ({ type: 'password', username, password }),
    },
    {
      label: 'the password, as an answer',
      method: 'keyboard-interactive',
      auth: (username) => ({
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _lang, prompts, finish) => finish(prompts.map(() => password)),
      }),
    },
  ];
}

function withoutRepeats(list: readonly Credential[]): readonly Credential[] {
  const seen = new Set<string>();
  return list.filter(({ label }) => {
    const key = /SHA256:\S+/.exec(label)?.[0] ?? label;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
