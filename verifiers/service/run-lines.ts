import { journalMessage } from '../../src/checks/journal-message.ts';

export interface RunOfUnit {
  /** 32 hexadecimal digits: `INVOCATION_ID` of systemd.exec(5). */
  readonly id: string;
  /** Microseconds of the monotonic clock at which it began; 0 when that is unknown. */
  readonly since: number;
}

/**
 * Lines of one run out of what `journalctl -o json` prints of a unit. An entry says by its id which run it is of; of a
 * process that was gone before journald looked at it the id is missing, and then the time tells. Pure.
 */
export function linesOfRun(output: string, run: RunOfUnit): readonly string[] {
  return output.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const entry = JSON.parse(line) as Record<string, unknown>;
    const id = entry['INVOCATION_ID'] ?? entry['_SYSTEMD_INVOCATION_ID'];
    const isOfRun =
      id === undefined ? Number(entry['__MONOTONIC_TIMESTAMP']) >= run.since && run.since > 0 : id === run.id;
    return isOfRun ? journalMessage(entry['MESSAGE']).split('\n') : [];
  });
}
