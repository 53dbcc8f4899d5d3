import type { Probe } from '../../src/core/verifier.ts';
import type { LogFacts, LogLine } from './facts.ts';
import { LEVELS } from './levels.ts';

const MOST_LINES = 20_000;

/** Entries of the journal about a unit. Throws for a unit that the service manager does not know, and without a journal. */
export async function observeJournal(
  unit: string,
  since: number | undefined,
  words: string,
  probe: Probe,
): Promise<LogFacts> {
  const { connection, signal, snapshot } = probe;
  const known = snapshot.units.find((one) => one.unit === unit);
  if (!known?.known) throw new Error(`the service manager knows no unit ${unit}`);
  if (known.manager !== 'systemd')
    throw new Error('there is no journal here: PID 1 is not systemd; name the log file instead');
  const result = await connection.execute(
    [
      'journalctl',
      '--no-pager',
      '-o',
      'json',
      '--output-fields=MESSAGE,PRIORITY',
      '-n',
      String(MOST_LINES),
      '-u',
      unit,
      ...(since === undefined ? [] : [`--since=@${since.toFixed(6)}`]),
    ],
    { signal, timeoutMs: 30_000 },
  );
  if (result.exitCode !== 0 || /No journal files were (found|opened)/.test(result.stderr)) {
    const why = result.exitCode === 127 ? 'journalctl is not there' : result.stderr.trim();
    throw new Error(`the journal cannot be read: ${why || `exit ${result.exitCode}`}`);
  }
  const lines = journalLines(result.stdout);
  return {
    exists: true,
    lines,
    missed: lines.length >= MOST_LINES ? `only the last ${MOST_LINES} entries were read` : undefined,
    source: `journal of ${unit}, ${words}, via ${result.via}`,
    notes: [],
  };
}

/** Entries as `journalctl -o json` prints them: one object a line; a message with odd bytes is a list of numbers. Pure. */
export function journalLines(text: string): LogLine[] {
  return text.split('\n').flatMap((line): LogLine[] => {
    if (!line.startsWith('{')) return [];
    const { MESSAGE: message, PRIORITY: priority } = JSON.parse(line) as Record<string, unknown>;
    const shown = Array.isArray(message)
      ? Buffer.from(message as number[]).toString('utf8')
      : typeof message === 'string'
        ? message
        : '';
    const level = typeof priority === 'string' ? LEVELS[Number(priority)] : undefined;
    return shown.split('\n').map((one) => ({ text: one, level }));
  });
}
