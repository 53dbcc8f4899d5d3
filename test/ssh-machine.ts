import { randomBytes } from 'node:crypto';
import type Dockerode from 'dockerode';
import { connectEngine } from '../src/docker/connect.ts';
import { execInContainer } from '../src/docker/exec.ts';
import { ensureImage } from '../src/images/ensure.ts';
import { host as testHost } from './host.ts';

/** A container with sshd, as a machine that is there already. */
export interface SshMachine {
  readonly container: Dockerode.Container;
  readonly name: string;
  /** Where this machine reaches it. */
  readonly host: string;
  /** As root, not through sshd; throws when it fails. */
  sh(script: string): Promise<string>;
}

interface Teardown {
  teardown(fn: () => unknown): unknown;
}

/** `systemd: true` boots it; else sshd alone runs, started by a shell that outlives it. */
export async function sshMachine(
  t: Teardown,
  given: {
    readonly project: string;
    readonly name?: string;
    readonly network?: string;
    readonly release?: string;
    readonly create?: Dockerode.ContainerCreateOptions;
  },
): Promise<SshMachine> {
  const engine = await connectEngine(process.env);
  const image = await ensureImage(engine, `galley/debian-${given.release ?? '12'}-ssh`, {
    policy: 'missing',
    cacheDir: testHost.cacheDir,
    onProgress: () => undefined,
  });
  const name = given.name ?? `${given.project}-${randomBytes(4).toString('hex')}`;
  const start =
    'mkdir -p /run/sshd && ssh-keygen -A >/dev/null && /usr/sbin/sshd -D -e & wait; sleep infinity';
  const container = await engine.docker.createContainer({
    name,
    Image: image.id,
    Labels: { 'galley-test': given.project },
    ...given.create,
    ...(given.create?.Cmd === undefined && { Cmd: ['/bin/sh', '-c', start] }),
    HostConfig: {
      ...(given.network !== undefined && { NetworkMode: given.network }),
      ...given.create?.HostConfig,
    },
  });
  t.teardown(() => container.remove({ force: true, v: true }).catch(() => undefined));
  await container.start();
  const sh = async (script: string): Promise<string> => {
    const done = await execInContainer(engine, container.id, {
      argv: ['/bin/sh', '-c', script],
      name,
      timeoutMs: 300_000,
    });
    if (done.exitCode !== 0) throw new Error(`exit ${done.exitCode} of ${script}: ${done.stderr}`);
    return done.stdout;
  };
  const { NetworkSettings } = await container.inspect();
  const host = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '';
  return { container, name, host, sh };
}

/** Makes a login that accepts the public keys; `sudo` is its line in sudoers after the user's name. */
export async function addLogin(
  machine: SshMachine,
  user: string,
  publicKeys: readonly string[],
  sudo?: string,
): Promise<void> {
  await machine.sh(`set -e
id ${user} >/dev/null 2>&1 || useradd --create-home --shell /bin/bash ${user}
home=$(getent passwd ${user} | cut -d: -f6)
mkdir -p "$home/.ssh"
cat > "$home/.ssh/authorized_keys" <<'KEYS'
${publicKeys.join('\n')}
KEYS
chown -R ${user}: "$home/.ssh"; chmod 700 "$home/.ssh"; chmod 600 "$home/.ssh/authorized_keys"
${sudo === undefined ? '' : `echo '${user} ${sudo}' > /etc/sudoers.d/${user}; chmod 440 /etc/sudoers.d/${user}`}`);
}
