import type { ClientChannel, PseudoTtyOptions } from 'ssh2';
import type { ShellTerminal } from '../../core/transport.ts';
import type { Link } from './link.ts';

/** The user's login shell with a terminal of the caller's kind and size; without a terminal just its three streams. */
export async function interactiveShell(
  link: Link,
  terminal: ShellTerminal,
  command: string | undefined,
): Promise<number> {
  const { input, output, error, term } = terminal;
  const isTty = input.isTTY === true;
  const size = (): { rows: number; cols: number } => ({
    rows: output.rows ?? 24,
    cols: output.columns ?? 80,
  });
  const pty: PseudoTtyOptions | false = isTty ? { ...size(), term: term ?? 'xterm' } : false;
  const { client, channel } = await link.session((on, done) =>
    command === undefined ? on.shell(pty, done) : on.exec(command, isTty ? { pty } : {}, done),
  );
  const onResize = (): void => {
    const { rows, cols } = size();
    channel.setWindow(rows, cols, 0, 0);
  };
  if (isTty) input.setRawMode?.(true);
  output.on('resize', onResize);
  input.pipe(channel);
  channel.pipe(output, { end: false });
  channel.stderr.pipe(error, { end: false });
  try {
    const exitCode = await exitOf(channel);
    if (exitCode === undefined && !link.isCurrent(client)) throw link.lost('the shell');
    return exitCode ?? 255;
  } finally {
    input.unpipe(channel);
    input.pause();
    output.removeListener('resize', onResize);
    if (isTty) input.setRawMode?.(false);
    channel.destroy();
    link.leave();
  }
}

function exitOf(channel: ClientChannel): Promise<number | undefined> {
  return new Promise((resolve) => {
    let exitCode: number | undefined;
    channel.once('exit', (code: number | null) => {
      exitCode = code ?? 255;
    });
    channel.once('close', () => resolve(exitCode));
  });
}
