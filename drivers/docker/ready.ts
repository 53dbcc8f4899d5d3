import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError, hasCode } from '../../src/core/errors.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { connectTo, type Engine } from '../../src/docker/connect.ts';
import { containerGone, containerState, lastLogLines } from '../../src/docker/container-state.ts';
import { type ExecOutcome, execInContainer } from '../../src/docker/exec.ts';
import type { DockerConfig } from './config.ts';
import type { DockerMachine } from './record.ts';

const TIMEOUT_MS = 120_000;

/**
 * One exec that waits inside. `--wait` (systemd 240) is told by the manager when it is done; before its socket is
 * there, and with older ones, the state is asked again. `degraded` = done, with failed units.
 */
const WAIT_FOR_SYSTEMD = `
while :; do
  state=$(systemctl is-system-running --wait 2>/dev/null)
  [ -n "$state" ] || state=$(systemctl is-system-running 2>/dev/null)
  case $state in running|degraded|maintenance|stopping) break;; esac
  sleep 0.05
done
echo "$state"
[ "$state" = running ] || systemctl --failed --no-legend --plain --no-pager
`;

const EVIDENCE = `
echo "state: $(systemctl is-system-running 2>&1)"
systemctl --failed --no-legend --plain --no-pager 2>&1 | sed 's/^/failed: /'
systemctl list-jobs --no-legend --no-pager 2>&1 | head -5 | sed 's/^/waiting: /'
journalctl --no-pager -q -n 10 -o cat 2>/dev/null
`;

/** Resolves when commands can be run and, under systemd, the boot is over. Failed units are a warning. */
export async function waitUntilReady(
  host: PluginHost,
  ctx: ActionContext<DockerConfig>,
  machine: DockerMachine,
): Promise<void> {
  const engine = await connectTo(machine.engine, host.env, ctx.signal);
  if (machine.init === 'none') return takesCommands(engine, ctx, machine);
  ctx.emit({ type: 'progress', instance: ctx.instance.name, text: 'waiting for systemd' });
  let outcome: ExecOutcome;
  try {
    outcome = await run(engine, ctx, machine, WAIT_FOR_SYSTEMD, TIMEOUT_MS);
  } catch (error) {
    if (hasCode(error, 'transport.timeout')) {
      throw await notReady(engine, ctx, machine, `systemd was not ready after ${TIMEOUT_MS / 1000} s`);
    }
    throw error;
  }
  const [state = '', ...failed] = outcome.stdout.split('\n').filter(Boolean);
  if (state === 'running') return;
  if (state !== 'degraded') throw await notReady(engine, ctx, machine, `systemd is in state "${state}"`);
  const units = failed.map((line) => line.replace(/^\W+/, '').split(/\s+/)[0]).join(', ');
  const message = `systemd is up, but these units failed: ${units}`;
  ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'warning', message });
}

function run(
  engine: Engine,
  { signal }: ActionContext<DockerConfig>,
  machine: DockerMachine,
  script: string,
  timeoutMs: number,
): Promise<ExecOutcome> {
  const argv = ['/bin/sh', '-c', script];
  return execInContainer(engine, machine.containerId, {
    argv,
    name: machine.containerName,
    signal,
    timeoutMs,
  });
}

async function takesCommands(
  engine: Engine,
  ctx: ActionContext<DockerConfig>,
  machine: DockerMachine,
): Promise<void> {
  const { exitCode, stdout, stderr } = await run(engine, ctx, machine, ':', 30_000);
  if (exitCode === 0) return;
  if ((await containerState(engine, machine.containerId)).status !== 'running') {
    throw await containerGone(engine, machine.containerId, machine.containerName);
  }
  throw new GalleyError({
    code: 'docker.no_shell',
    kind: 'infrastructure',
    message: `no command can be run in ${machine.containerName} (exit code ${exitCode})`,
    details: [stdout, stderr].map((text) => text.trim()).filter(Boolean),
    hint: 'the image must have /bin/sh: choose another image:',
  });
}

async function notReady(
  engine: Engine,
  ctx: ActionContext<DockerConfig>,
  machine: DockerMachine,
  message: string,
): Promise<GalleyError> {
  const evidence = await run(engine, ctx, machine, EVIDENCE, 10_000).then(
    ({ stdout }) => stdout.split('\n').filter(Boolean),
    () => [],
  );
  const log = await lastLogLines(engine, machine.containerId, 10);
  return new GalleyError({
    code: 'docker.not_ready',
    kind: 'infrastructure',
    message: `${machine.containerName}: ${message}`,
    details: [...evidence, ...log],
    hint: `galley login ${ctx.instance.name} looks inside; init: none runs it without systemd`,
  });
}
