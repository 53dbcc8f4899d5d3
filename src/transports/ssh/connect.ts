import type { ActionContext } from '../../core/action-context.ts';
import type { SshEndpoint } from '../../core/endpoint.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import type { Connection } from '../../core/transport.ts';
import { admit, dial } from './dial.ts';
import { mute } from './errors.ts';
import { execute, type Shell } from './execute.ts';
import { downloadTar, readOneFile, uploadTar } from './files.ts';
import { Forwards } from './forward.ts';
import { Link } from './link.ts';
import { loginCommand } from './login-command.ts';
import type { SshSettings } from './settings.ts';
import { interactiveShell } from './shell.ts';
import { readSshConfig } from './ssh-config.ts';
import { planWay } from './way.ts';

/** Connects when it is first used, so that a machine that is gone is the error of what needed it. */
export async function connectSsh(
  { env }: Pick<PluginHost, 'env'>,
  ctx: ActionContext<SshSettings>,
  endpoint: SshEndpoint,
): Promise<Connection> {
  const { config: settings, root, signal } = ctx;
  const instance = ctx.instance.name;
  const home = env['HOME'];
  const way = planWay(endpoint, settings, await readSshConfig(settings.ssh_config, root, home), {
    root,
    home,
  });
  const { hostKeys } = endpoint;
  const link = new Link({
    place: way.target,
    dial: () => dial(way, { settings, hostKeys, root, instance, env, signal }),
    retries: settings.connection_retries,
    retrySleepMs: settings.connection_retry_sleep * 1000,
    patienceMs: settings.max_wait_until_ready * 1000,
    authRetries: settings.auth_retries,
    maxSessions: settings.max_ssh_sessions,
    signal,
    onWait: (text) => ctx.emit({ type: 'progress', instance, text }),
    onNotice: (message) => ctx.emit({ type: 'notice', instance, level: 'warning', message }),
  });
  const shell: Shell = {
    link,
    sudo: settings.sudo,
    sudoCommand: settings.sudo_command,
    forwardAgent: settings.forward_agent === true,
  };
  const forwards = new Forwards(link);
  return {
    execute: (argv, options = {}) => execute(shell, { ...options, argv }),
    upload: (tar, remoteDir) => uploadTar(shell, tar, remoteDir),
    download: (remotePath) => downloadTar(shell, remotePath),
    readFile: (remotePath) => readOneFile(shell, remotePath),
    loginCommand: ({ tty }) => loginCommand(way, settings, { root, instance }, tty),
    shell: (terminal) => interactiveShell(link, terminal, settings.login_command),
    admit: () => admit(way, { settings, env }),
    async waitUntilReady() {
      await link.client(true);
      // Of the opening of the session, too, which no limit of a command counts.
      const late = AbortSignal.timeout(settings.max_wait_until_ready * 1000);
      try {
        await execute(shell, { argv: ['true'], signal: AbortSignal.any([signal, late]) });
      } catch (error) {
        throw late.aborted && !signal.aborted ? mute(way.target, settings.max_wait_until_ready) : error;
      }
    },
    forwardOut: (port) => forwards.out(port),
    forwardIn: (port, target) => forwards.in(port, target),
    async [Symbol.asyncDispose]() {
      await forwards.close();
      await link.close();
    },
  };
}
