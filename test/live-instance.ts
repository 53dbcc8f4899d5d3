import { createDockerDriver } from '../drivers/docker/index.ts';
import { takeSnapshot } from '../src/checks/probe/take-snapshot.ts';
import type { CheckResult } from '../src/core/check.ts';
import type { ClientInstall } from '../src/core/client-install.ts';
import { quote } from '../src/core/shell-words.ts';
import type { Connection } from '../src/core/transport.ts';
import type { Probe, Verifier } from '../src/core/verifier.ts';
import { createDockerTransport } from '../src/transports/docker/index.ts';
import { testContext } from './contract/context.ts';
import { host } from './host.ts';

export interface LiveInstance {
  readonly connection: Connection;
  readonly address: Probe['address'];
  /** Output of a shell script in the instance; throws when it fails. */
  sh(script: string): Promise<string>;
  write(path: string, content: string): Promise<void>;
  readonly client: ClientInstall | undefined;
  /** One attempt of a check as the engine makes it: parse, look, judge. */
  check<S, F>(verifier: Verifier<S, F>, spec: object, through?: Connection): Promise<readonly CheckResult[]>;
}

/** What the tests of process-related checks need beside the plain image. */
const PACKAGES = 'uwsgi uwsgi-plugin-python3 python3-minimal busybox-static';
export const WITH_UWSGI = [
  `RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${PACKAGES} && rm -rf /var/lib/apt/lists/* && systemctl disable uwsgi`,
];

/** A real debian-12 instance with systemd, made by the docker driver; gone when `teardown` has run. */
export async function liveInstance(
  t: { teardown(fn: () => unknown): unknown; signal?: AbortSignal },
  name: string,
  given: {
    readonly config?: object;
    readonly hostPorts?: readonly number[];
    readonly needsClient?: boolean;
  } = {},
): Promise<LiveInstance> {
  const driver = createDockerDriver(host);
  const transport = createDockerTransport(host);
  const config = driver.config.parse({ intermediate_instructions: WITH_UWSGI, ...given.config });
  const ctx = testContext(config, { project: 'galley-test-probe', instance: name, platform: 'debian-12' });
  t.teardown(() => driver.destroy(ctx, {}));
  const machine = await driver.create(
    ctx,
    { needsClient: given.needsClient ?? false, hostPorts: given.hostPorts ?? [] },
    async () => {},
  );
  await driver.waitUntilReady(ctx, machine);
  const connection = await transport.connect({ ...ctx, config: {} }, driver.endpoint(machine));
  const address = (port: number) => driver.address(machine, port);
  const sh = async (script: string): Promise<string> => {
    const done = await connection.execute(['/bin/sh', '-c', script], { timeoutMs: 300_000 });
    if (done.exitCode !== 0)
      throw new Error(`exit ${done.exitCode} of ${script}: ${done.stderr}${done.stdout}`);
    return done.stdout;
  };
  return {
    connection,
    client: driver.client(machine),
    address,
    sh,
    async write(path, content) {
      const done = await connection.execute(['/bin/sh', '-c', 'cat > "$1"', 'sh', path], { stdin: content });
      if (done.exitCode !== 0) throw new Error(`write ${path}: ${done.stderr}`);
    },
    async check(verifier, raw, through = connection) {
      const spec = verifier.spec.parse(raw);
      const snapshot = await takeSnapshot(through, verifier.needs(spec));
      const { signal } = new AbortController();
      const facts = await verifier.observe(spec, {
        connection: through,
        snapshot,
        address,
        signal,
        repeat: undefined,
      });
      return verifier.judge(spec, facts);
    },
  };
}

/**
 * Waits until the unit's process has become the program, by its name in /proc/PID/comm: `systemctl start` and
 * `systemd-run` come back when systemd has forked, before the fork has executed anything.
 */
export async function becomes(machine: LiveInstance, unit: string, comm: string): Promise<void> {
  const script = `cat /proc/$(systemctl show -p MainPID --value ${unit})/comm`;
  await until(`${unit} is ${comm}`, async () => (await machine.sh(script)).trim() === comm);
}

/** The same connection without the right to inspect processes. */
export function unprivileged(connection: Connection): Connection {
  return {
    ...connection,
    execute: (argv, options) => connection.execute(argv, { ...options, inspectProcesses: false }),
  };
}

/**
 * The same machine as ssh reaches it for a user who is not root: below a process named sshd, from a script on standard
 * input, with sudo or without.
 */
export function asUser(connection: Connection, user: string, how: 'sudo' | 'plain'): Connection {
  const sshd = '[ -x /run/sshd ] || cp /bin/sh /run/sshd';
  return {
    ...connection,
    async execute(argv, options) {
      await connection.execute(['/bin/sh', '-c', sshd]);
      const shell = `${how === 'sudo' ? 'sudo -n -- ' : ''}/bin/sh -c 'eval "$(cat)"'; exit $?`;
      const stdin = `exec ${argv.map(quote).join(' ')}`;
      const done = await connection.execute(['/run/sshd', '-c', shell], { ...options, user, stdin });
      return { ...done, via: how };
    },
  };
}

/**
 * Polls until `test` is true; throws when the time is over. The time is for a machine that is busy: a test that passes
 * does not wait for it.
 */
export async function until(what: string, test: () => Promise<boolean>, withinMs = 180_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await test())) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
