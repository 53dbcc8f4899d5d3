import { isEngineDns } from '../checks/is-engine-dns.ts';
import { runningNames } from '../checks/probe/select-processes.ts';
import { redactText } from '../checks/redact.ts';
import type { RunChecksOptions } from '../checks/run-checks.ts';
import type { Snapshot } from '../core/snapshot.ts';

const LINES = 10;
const LIMIT_MS = 10_000;

/** Failed units and the journal's last warnings, where there is systemd. */
const SYSTEMD = `command -v systemctl >/dev/null || exit 0
systemctl list-units --failed --no-legend --plain 2>/dev/null | sed 's/^/failed unit: /'
journalctl -q --no-pager -p warning -n ${LINES} -o short 2>/dev/null | sed 's/^/journal: /'
exit 0`;

/** What an instance looks like that did not get ready: sockets, processes, failed units, last output. Throws only when aborted. */
export async function stateLines(options: RunChecksOptions): Promise<string[]> {
  const { connection, around, signal } = options;
  const parts = [
    async () => socketsAndProcesses(await options.takeSnapshot({ sockets: true, processes: true })),
    async () => {
      const { stdout } = await connection.execute(['/bin/sh', '-c', SYSTEMD], {
        timeoutMs: LIMIT_MS,
        signal,
      });
      return stdout.split('\n').filter((line) => line.trim() !== '');
    },
    async () => {
      const log = await around?.container?.log(undefined);
      return (log?.lines ?? []).slice(-LINES).map(({ text }) => `console: ${text}`);
    },
  ];
  const lines: string[] = [];
  for (const part of parts) {
    try {
      lines.push(...(await part()));
    } catch (error) {
      signal.throwIfAborted();
      lines.push(`could not look: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return lines.map(redactText);
}

function socketsAndProcesses({ sockets, processes }: Snapshot): string[] {
  const listening = sockets
    .filter((socket) => socket.state === 'listen' && socket.protocol !== 'unix' && !isEngineDns(socket))
    .map((socket) => `${socket.protocol} ${socket.localAddress}:${socket.localPort}`);
  const named = [...new Set(listening)].slice(0, 15).join(', ');
  return [`listening: ${named === '' ? 'nothing' : named}`, `running: ${runningNames(processes)}`];
}
