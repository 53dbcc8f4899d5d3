import type { Connection } from '../core/transport.ts';

const LIMIT_MS = 10_000;
const WIDTH = 300;

/**
 * Output of a command as notes below a heading, for `Verifier.explain`; nothing when it fails, says nothing or takes
 * long: evidence is welcome and never worth another failure. `pick` takes the lines out of what it printed; all of
 * them without. Throws only when aborted.
 */
export async function evidenceOf(
  heading: string,
  argv: readonly string[],
  { connection, signal }: { readonly connection: Connection; readonly signal: AbortSignal },
  pick: (output: string) => readonly string[] = (output) => output.split('\n'),
): Promise<readonly string[]> {
  try {
    const done = await connection.execute(argv, { timeoutMs: LIMIT_MS, signal });
    const lines = pick(done.stdout).filter((line) => line.trim() !== '');
    if (done.exitCode !== 0 || lines.length === 0) return [];
    return [`${heading}:`, ...lines.map((line) => `  ${line.slice(0, WIDTH)}`)];
  } catch {
    signal.throwIfAborted();
    return [];
  }
}
