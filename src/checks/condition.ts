import type { Condition } from '../core/check.ts';
import { GalleyError } from '../core/errors.ts';
import type { Connection } from '../core/transport.ts';

const LIMIT_MS = 30_000;

/**
 * Asks a check's condition (`only: {if}`). Undefined when it holds, else why the check is skipped. Throws
 * `check.condition` when the question itself cannot be asked: that is no reason to skip anything.
 */
export async function unmetCondition(
  { command, why }: Condition,
  connection: Connection,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { exitCode, stderr } = await connection.execute(['/bin/sh', '-c', command], {
    timeoutMs: LIMIT_MS,
    signal,
  });
  if (exitCode === 0) return undefined;
  if (exitCode === 126 || exitCode === 127) {
    throw new GalleyError({
      code: 'check.condition',
      kind: 'verify',
      message: `the condition could not be asked (exit ${exitCode}): ${command}`,
      details: stderr.trim().split('\n').slice(-3).filter(Boolean),
      hint: 'mend the command under only: if:',
    });
  }
  return `${why} (only if: ${command} ended with ${exitCode})`;
}
