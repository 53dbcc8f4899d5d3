import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { Test } from 'tap';
import type { SshEndpoint } from '../src/core/endpoint.ts';
import { connectEngine } from '../src/docker/connect.ts';
import { createSshTransport } from '../src/transports/ssh/index.ts';
import { testContext } from './contract/context.ts';
import { addLogin, sshMachine } from './ssh-machine.ts';

export interface KeyPair {
  /** Of the private key. */
  readonly file: string;
  /** Line of authorized_keys. */
  readonly public: string;
}

/** A key pair in OpenSSH's format; `pem`: as openssl writes it. */
export function keyPair(
  folder: string,
  name: string,
  type: 'ed25519' | 'rsa' | 'ecdsa',
  pem = false,
): KeyPair {
  const file = join(folder, name);
  if (pem) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(file, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  } else {
    const options = type === 'rsa' ? { bits: 2048 } : type === 'ecdsa' ? { bits: 256 } : {};
    const { private: key } = ssh2.utils.generateKeyPairSync(type as 'rsa', options as never);
    writeFileSync(file, key, { mode: 0o600 });
  }
  const parsed = ssh2.utils.parseKey(readFileSync(file)) as ssh2.ParsedKey;
  return { file, public: `${parsed.type} ${parsed.getPublicSSH().toString('base64')} ${name}` };
}

export interface Given {
  readonly settings?: object;
  readonly endpoint?: Partial<SshEndpoint>;
  readonly env?: Record<string, string>;
  readonly instance?: string;
}

/** A machine with sshd on a network of its own, with the login `admin` that may use sudo. */
export async function sshLab(t: Pick<Test, 'testdir' | 'teardown'>, project: string) {
  const folder = t.testdir({ home: {} });
  const home = join(folder, 'home');
  const engine = await connectEngine(process.env);
  const network = `${project}-${randomBytes(4).toString('hex')}`;
  await engine.docker.createNetwork({ Name: network, Labels: { 'galley-test': project } });
  // Runs after the containers' own, which is added later.
  t.teardown(() => engine.docker.getNetwork(network).remove());
  const create = { Hostname: 'inner', HostConfig: { CapAdd: ['SYS_PTRACE'] } };
  const machine = await sshMachine(t, { project, network, create });
  const key = keyPair(folder, 'id', 'ed25519');
  await addLogin(machine, 'admin', [key.public], 'ALL=(ALL) NOPASSWD:ALL');
  const connect = async ({ settings, endpoint, env, instance = 'one' }: Given = {}) => {
    const transport = createSshTransport({ env: { HOME: home, PATH: process.env['PATH'], ...env } });
    const config = transport.config.parse({ ssh_key: key.file, connection_retry_sleep: 0.3, ...settings });
    const ctx = testContext(config, { project, root: folder, instance });
    const at = { kind: 'ssh', host: machine.host, port: 22, username: 'admin', ...endpoint } as const;
    return { connection: await transport.connect(ctx, at), ctx, transport };
  };
  const { connection } = await connect();
  await connection.waitUntilReady?.();
  await connection[Symbol.asyncDispose]();
  return { folder, home, network, machine, key, connect };
}
