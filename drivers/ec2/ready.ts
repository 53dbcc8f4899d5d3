import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeInstanceStatusCommand } from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { Ec2Config } from './config.ts';
import { consoleOutput, lastLines } from './console.ts';
import { hostKeysOf } from './host-keys.ts';
import { probeSsh, type SshPort, WORDS } from './probe.ts';
import type { Ec2Machine } from './record.ts';
import { type Session, sessionFor } from './session.ts';
import { assertLives, seconds } from './wait.ts';

type Context = ActionContext<Ec2Config>;

const PROBE_MS = 5000;
const PAUSE_MS = 500;
/** cloud-init prints the host keys at its end, some time after sshd answers. */
const HOST_KEYS_MS = 10_000;

/** Resolves when sshd answers, as far as that can be seen from here. Gives the host keys, when the console tells them. */
export async function waitUntilReady(
  host: PluginHost,
  ctx: Context,
  machine: Ec2Machine,
): Promise<Partial<Ec2Machine>> {
  const session = await sessionFor(host, ctx.config, machine);
  const { config, instance, signal } = ctx;
  const onProgress = (text: string): void => ctx.emit({ type: 'progress', instance: instance.name, text });
  if (config.waitsForStatusChecks) await statusChecks(session, ctx, machine, onProgress);
  // Behind a bastion, or through Systems Manager, only the transport can tell.
  if (!machine.isDirect || machine.viaSsm) return {};
  await sshAnswers(session, ctx, machine, onProgress);
  if (machine.hostKeys && machine.hostKeys.length > 0) return {};
  const hostKeys = await hostKeysOn(session, machine.instanceId, signal);
  return hostKeys.length > 0 ? { hostKeys: [...hostKeys] } : {};
}

async function sshAnswers(
  session: Session,
  ctx: Context,
  machine: Ec2Machine,
  onProgress: (text: string) => void,
): Promise<void> {
  const { signal, config, instance } = ctx;
  const started = Date.now();
  let looked = started;
  for (;;) {
    signal.throwIfAborted();
    const answer = await probeSsh(machine.host, machine.port, PROBE_MS);
    if (answer === 'open') return;
    const waited = Date.now() - started;
    if (waited > config.waitMs) throw await neverUp(session, ctx, machine, answer, waited);
    onProgress(
      `waiting for sshd: ${machine.host} port ${machine.port} ${WORDS[answer]} (${seconds(waited)})`,
    );
    await sleep(PAUSE_MS, undefined, { signal });
    if (Date.now() - looked < 10_000) continue;
    looked = Date.now();
    const now = await session.look.ask(machine.instanceId);
    if (now) await assertLives(session, now, instance.name);
  }
}

const HINTS: Readonly<Record<SshPort, string>> = {
  open: '',
  refused:
    'no sshd listens: is the image one with sshd, does its user_data start it late? ssh_port: names another port',
  timeout:
    'packets are dropped: does the security group let you in (your address may have changed), has the subnet a route to the internet, is it the right interface:?',
  silent: 'something else than an sshd listens there: ssh_port: names another port',
  unresolved: 'write interface: public or private, which are addresses',
  unreachable: 'is there a route to the machine? interface: chooses another of its addresses',
};

async function neverUp(
  session: Session,
  { instance }: Context,
  machine: Ec2Machine,
  answer: SshPort,
  waited: number,
): Promise<GalleyError> {
  const console = lastLines(await consoleOutput(session, machine.instanceId), 10);
  return new GalleyError({
    code: `ec2.ssh_${answer}`,
    kind: 'infrastructure',
    message: `${instance.name}: ${machine.host} port ${machine.port} still ${WORDS[answer]} after ${seconds(waited)}`,
    details: console.map((line) => `console: ${line}`),
    hint: HINTS[answer],
  });
}

async function statusChecks(
  session: Session,
  { config, signal, instance }: Context,
  machine: Ec2Machine,
  onProgress: (text: string) => void,
): Promise<void> {
  const started = Date.now();
  for (;;) {
    const answer = await session.ask('DescribeInstanceStatus', 'look at the status checks', (ec2) =>
      ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [machine.instanceId] })),
    );
    const [status] = answer.InstanceStatuses ?? [];
    const checks = [status?.SystemStatus?.Status, status?.InstanceStatus?.Status];
    if (checks.every((one) => one === 'ok')) return;
    const waited = Date.now() - started;
    const words = `system ${checks[0] ?? 'unknown'}, instance ${checks[1] ?? 'unknown'}`;
    if (checks.includes('impaired') || waited > config.waitMs) {
      throw new GalleyError({
        code: 'ec2.status_checks',
        kind: 'infrastructure',
        message: `${instance.name}: the status checks of ${machine.instanceId} do not pass: ${words}`,
        details: lastLines(await consoleOutput(session, machine.instanceId), 10),
        hint: 'run the command again; status_checks: false does not wait for them',
      });
    }
    onProgress(`waiting for the status checks of ${machine.instanceId} (${words}, ${seconds(waited)})`);
    await sleep(3000, undefined, { signal });
  }
}

async function hostKeysOn(
  session: Session,
  instanceId: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const until = Date.now() + HOST_KEYS_MS;
  for (let pause = 1000; ; pause *= 2) {
    const keys = hostKeysOf(await consoleOutput(session, instanceId));
    if (keys.length > 0 || Date.now() + pause > until) return keys;
    await sleep(pause, undefined, { signal });
  }
}
