import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GalleyError } from '../core/errors.ts';
import { table } from '../reporters/format/text.ts';

/** A run as its log folder tells it. */
export interface LoggedRun {
  readonly id: string;
  /** Names of the instances that have a log. */
  readonly instances: readonly string[];
}

/** All runs of a kitchen, newest first. Run ids sort by time. */
export async function loggedRuns(logsDir: string): Promise<readonly LoggedRun[]> {
  const ids = (await readdir(logsDir).catch(() => [] as string[])).toSorted().toReversed();
  return Promise.all(
    ids.map(async (id) => {
      const files = await readdir(join(logsDir, id)).catch(() => [] as string[]);
      const logs = files.filter((file) => file.endsWith('.log'));
      return { id, instances: logs.map((file) => basename(file, '.log')).toSorted() };
    }),
  );
}

/**
 * Which log shows each wanted instance: of the run that is asked for (its id or the beginning of it), else of the
 * newest run that has one. Throws `usage.no_such_run` and `usage.no_log`.
 */
export function chooseLogs(
  runs: readonly LoggedRun[],
  wanted: { readonly run?: string | undefined; readonly instances: readonly string[] },
): readonly { readonly run: string; readonly instance: string }[] {
  const { run: asked } = wanted;
  const among = asked === undefined ? runs : runs.filter((run) => run.id.startsWith(asked));
  if (asked !== undefined && among.length === 0) {
    throw new GalleyError({
      code: 'usage.no_such_run',
      kind: 'usage',
      message: `there is no log of a run '${asked}'`,
      got: asked,
      hint: 'galley logs --list shows the runs that are kept',
    });
  }
  const chosen = wanted.instances.flatMap((instance) => {
    const run = among.find((one) => one.instances.includes(instance));
    return run ? [{ run: run.id, instance }] : [];
  });
  if (chosen.length > 0) return chosen;
  throw new GalleyError({
    code: 'usage.no_log',
    kind: 'usage',
    message: runs.length === 0 ? 'no run has been logged yet' : 'no log of these instances is kept',
    ...(wanted.instances.length > 0 && { got: wanted.instances.join(', ') }),
    hint: runs.length === 0 ? 'galley create writes the first one' : 'galley logs --list shows what is kept',
  });
}

/** What `logs --list` says of a run. */
export interface RunSummary extends LoggedRun {
  readonly command: string | null;
  /** ISO 8601. */
  readonly started: string | null;
  readonly durationMs: number | null;
  /** Null when the run has not ended, or was killed. */
  readonly exitCode: number | null;
}

export async function summaryOf(logsDir: string, run: LoggedRun): Promise<RunSummary> {
  const text = await readFile(join(logsDir, run.id, 'events.ndjson'), 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n');
  const start = eventIn(lines[0], 'run:start');
  const end = eventIn(lines.at(-1), 'run:end');
  return {
    ...run,
    command: (start?.['command'] as string | undefined) ?? null,
    started: (start?.['time'] as string | undefined) ?? null,
    durationMs: end ? Math.round(end['durationMs'] as number) : null,
    exitCode: (end?.['exitCode'] as number | undefined) ?? null,
  };
}

/** Runs by the beginning of their id, and by the instances that have a log of them; undefined: any. */
export function runsAbout(
  runs: readonly LoggedRun[],
  id: string | undefined,
  instances: readonly string[] | undefined,
): readonly LoggedRun[] {
  return runs.filter(
    (run) =>
      (id === undefined || run.id.startsWith(id)) &&
      (instances === undefined || run.instances.some((name) => instances.includes(name))),
  );
}

/** What `logs --list` prints, its head first. */
export function summaryLines(runs: readonly RunSummary[]): readonly string[] {
  if (runs.length === 0) return ['no run has been logged yet'];
  const rows = runs.map((run) => [
    run.id,
    run.command ?? '?',
    run.exitCode === null ? 'not ended' : `exit ${run.exitCode}`,
    run.durationMs === null ? '' : `${(run.durationMs / 1000).toFixed(1)} s`,
    run.instances.join(' '),
  ]);
  return table([['Run', 'Command', 'Result', 'Time', 'Instances'], ...rows], new Set([3]));
}

/** Undefined for another event and for a line that a crash cut off. */
function eventIn(line: string | undefined, type: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const event = JSON.parse(line ?? '') as Record<string, unknown>;
    return event['type'] === type ? event : undefined;
  } catch {
    return undefined;
  }
}
