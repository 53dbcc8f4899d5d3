import { takeSnapshot } from '../../src/checks/probe/take-snapshot.ts';
import type { UnitFact } from '../../src/core/snapshot.ts';
import type { Probe } from '../../src/core/verifier.ts';

/**
 * Where a variable that services do not see is usually set by mistake, and where it may be meant to be set. Only
 * names of files are printed, never lines: the values are secrets.
 */
const SEARCH = String.raw`grep -slE "(^|[^A-Za-z0-9_])$1[[:space:]]*=" /etc/environment /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc \
  /etc/default/* /etc/security/pam_env.conf /etc/uwsgi/*.ini /etc/uwsgi/*/*.ini \
  /root/.profile /root/.bash_profile /root/.bashrc /root/.pam_environment \
  /home/*/.profile /home/*/.bash_profile /home/*/.bashrc /home/*/.pam_environment | head -n 20`;

/** Files that mention the key, for the message of a failure. Empty when they cannot be searched: it is only a hint. */
export async function filesThatMention(key: string, { connection, signal }: Probe): Promise<string[]> {
  if (!/^\w+$/.test(key)) return [];
  try {
    const found = await connection.execute(['/bin/sh', '-c', SEARCH, 'galley-probe', key], {
      signal,
      timeoutMs: 10_000,
    });
    return found.stdout.split('\n').filter((line) => line.startsWith('/'));
  } catch (error) {
    if (signal.aborted) throw error;
    return [];
  }
}

/** The units that processes belong to, as loaded. */
export async function unitsOf(
  names: readonly string[],
  { connection, signal }: Probe,
): Promise<readonly UnitFact[]> {
  if (names.length === 0) return [];
  const { units, errors } = await takeSnapshot(connection, { units: names }, { signal });
  if (errors.units !== undefined) throw new Error(errors.units);
  return units;
}
