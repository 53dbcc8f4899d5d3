import { journalMessage } from '../../src/checks/journal-message.ts';
import type { Probe } from '../../src/core/verifier.ts';
import type { LogFacts, LogLine } from './facts.ts';
import { LEVELS } from './levels.ts';

const MOST_LINES = 20_000;
/** The oldest entry of the whole journal, or an empty line; then what is asked. */
const WITH_OLDEST =
  'journalctl --no-pager -q -o json --output-fields=_BOOT_ID 2>/dev/null | head -n 1 | grep . || echo; exec "$@"';

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
      '/bin/sh',
      '-c',
      WITH_OLDEST,
      'sh',
      'journalctl',
      '--no-pager',
      '-o',
      'json',
      // Else a message of more than 4 KiB is null.
      '--all',
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
  const [oldest = ''] = result.stdout.split('\n', 1);
  const lines = journalLines(result.stdout.slice(oldest.length));
  return {
    exists: true,
    lines,
    missed: missedOf(lines) ?? vacuumed(oldest, since),
    source: `journal of ${unit}, ${words}, via ${result.via}`,
    notes: [],
  };
}

function missedOf(lines: readonly LogLine[]): string | undefined {
  if (lines.length >= MOST_LINES) return `only the last ${MOST_LINES} entries were read`;
  const dropped = lines.find(({ text }) => /^Suppressed \d+ messages from /.test(text));
  return (
    dropped &&
    `the journal's rate limit dropped some: "${dropped.text}" (LogRateLimitIntervalSec=0 of the unit lets all in)`
  );
}

/**
 * Why entries since then may be missing: the oldest that is left of the whole journal is younger, and is not the first
 * that was ever written (its cursor has `i=1`). Pure.
 */
export function vacuumed(oldest: string, since: number | undefined): string | undefined {
  if (since === undefined) return undefined;
  if (!oldest.startsWith('{')) return 'the journal is empty, so what was in it is gone';
  const { __CURSOR: cursor, __REALTIME_TIMESTAMP: stamp } = JSON.parse(oldest) as Record<string, unknown>;
  const seconds = Number(stamp) / 1e6;
  if (!(seconds > since) || /;i=1;/.test(String(cursor))) return undefined;
  return `the oldest entry of the journal is of ${new Date(seconds * 1000).toISOString()}: older ones were removed`;
}

/** Entries as `journalctl -o json` prints them: one object a line; a message with odd bytes is a list of numbers. Pure. */
export function journalLines(text: string): LogLine[] {
  return text.split('\n').flatMap((line): LogLine[] => {
    if (!line.startsWith('{')) return [];
    const { MESSAGE: message, PRIORITY: priority } = JSON.parse(line) as Record<string, unknown>;
    const shown = journalMessage(message);
    const level = typeof priority === 'string' ? LEVELS[Number(priority)] : undefined;
    return shown.split('\n').map((one) => ({ text: one, level }));
  });
}
