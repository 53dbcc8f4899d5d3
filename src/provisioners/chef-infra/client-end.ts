import type { ErrorRecord } from '../../core/errors.ts';

/** How the client ended, as the script on the instance tells it; -1 = not known. */
export interface ClientEnd {
  readonly exit: number;
  readonly run: number;
  readonly oomKills: number;
  readonly freeKb: number;
}

/** Below this much free space a failure is put down to the full disk, KiB. */
const FULL_KB = 512;

/** Parses what follows the end mark; undefined when it is not that. */
export function parseClientEnd(text: string): ClientEnd | undefined {
  try {
    const data = JSON.parse(text) as Partial<Record<keyof ClientEnd, unknown>>;
    const number = (key: keyof ClientEnd): number => (typeof data[key] === 'number' ? data[key] : -1);
    return {
      exit: number('exit'),
      run: number('run'),
      oomKills: number('oomKills'),
      freeKb: number('freeKb'),
    };
  } catch {
    return undefined;
  }
}

/** Causes outside the cookbook, told from how the client ended. Undefined: look at what the client reported. */
export function outsideCause(
  exitCode: number,
  end: ClientEnd | undefined,
  reported: boolean,
): ErrorRecord | undefined {
  const killed = exitCode === 137;
  if (killed && (end?.oomKills ?? 0) > 0) {
    return {
      code: 'chef.out_of_memory',
      kind: 'infrastructure',
      message: 'the client was killed because the instance ran out of memory (exit code 137)',
      hint: "raise the driver's `memory_limit`, or converge fewer instances at a time with `-c`",
    };
  }
  if (killed && !reported) {
    return {
      code: 'chef.client_killed',
      kind: 'infrastructure',
      message: 'the client was killed by SIGKILL (exit code 137)',
      hint: 'look whether the machine is short of memory, or who stopped the instance, then run `galley converge` again',
    };
  }
  if (end !== undefined && end.freeKb >= 0 && end.freeKb < FULL_KB) {
    return {
      code: 'chef.disk_full',
      kind: 'infrastructure',
      message: `the disk of the instance is full (${end.freeKb} KiB free)`,
      hint: 'free space where the container engine keeps its data, then run `galley converge` again',
    };
  }
  return undefined;
}

/**
 * The fallback when the client reported nothing: exit code, the stack trace file's head, the last lines of the log.
 * Says that it is a fallback.
 */
export function unreportedFailure(
  exitCode: number,
  stacktrace: string | undefined,
  lastLines: readonly string[],
): ErrorRecord {
  // A client that cannot read its configuration repeats its backtrace, each line with a time stamp.
  const plain = lastLines.map((line) => line.replace(/^\[[^\]]*\] (?=[A-Z]+: )/, ''));
  const head = (stacktrace ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('Generated at '));
  const details = [
    'the client wrote no report; from its log:',
    ...[...new Set(plain)].slice(-15),
    ...head.slice(0, 5),
  ];
  return {
    code: 'chef.converge_failed',
    kind: 'converge',
    message: `the client ended with exit code ${exitCode} before it could report${exitCode === 127 ? ' (program not found)' : ''}`,
    details,
  };
}
