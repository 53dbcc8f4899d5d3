import { type CheckDeclaration, isBad } from '../core/check.ts';
import type { CheckReport } from '../core/events.ts';
import type { Connection } from '../core/transport.ts';
import { addNotes } from './add-notes.ts';
import { hideIn } from './hide.ts';
import { redactText } from './redact.ts';

const LIMIT_MS = 10_000;
const LINES = 15;
const WIDTH = 300;

/**
 * Adds what the check's `evidence` names to the first result that did not pass: the last lines of files, the output of
 * commands. What cannot be had is said in its place. Throws only when aborted.
 */
export async function withEvidence(
  report: CheckReport,
  declaration: CheckDeclaration,
  connection: Connection,
  signal: AbortSignal,
): Promise<CheckReport> {
  const wanted = declaration.evidence ?? [];
  if (!isBad(report) || wanted.length === 0 || declaration.redact === 'all') return report;
  const found: string[] = [];
  for (const one of wanted) found.push(...(await collect(one, connection, signal)));
  const { redact = [] } = declaration;
  const notes = found.map((line) => hideIn(redactText(line), redact));
  return { ...report, results: addNotes(report.results, notes) };
}

async function collect(one: string, connection: Connection, signal: AbortSignal): Promise<string[]> {
  const isFile = one.startsWith('/') && !/\s/.test(one);
  const argv = isFile ? ['tail', '-n', String(LINES), '--', one] : ['/bin/sh', '-c', `{ ${one}\n} 2>&1`];
  const label = isFile ? one : `$ ${one}`;
  try {
    const done = await connection.execute(argv, { timeoutMs: LIMIT_MS, signal });
    const text = done.stdout === '' ? done.stderr : done.stdout;
    const lines = text.trimEnd().split('\n').slice(-LINES);
    const shown = lines.map((line) => `  ${line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line}`);
    const code = done.exitCode === 0 ? '' : ` (exit ${done.exitCode})`;
    return text.trim() === '' ? [`${label}${code}: no output`] : [`${label}${code}:`, ...shown];
  } catch (error) {
    signal.throwIfAborted();
    return [`${label}: could not be had: ${error instanceof Error ? error.message : String(error)}`];
  }
}
