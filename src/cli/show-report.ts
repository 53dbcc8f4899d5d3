import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import { GalleyError } from '../core/errors.ts';
import { parseReports, type ReportRequest } from '../core/report-request.ts';
import { targetOf } from '../reporters/formats/target.ts';
import { renderText } from '../reporters/formats/text.ts';
import { writeReport } from '../reporters/formats/write-report.ts';
import { compareRuns } from '../reporters/model/compare.ts';
import { mergeReports } from '../reporters/model/merge.ts';
import type { RunReport } from '../reporters/model/run-report.ts';
import { snapshotOf } from '../reporters/model/snapshot.ts';
import type { ReportArgs } from './commands/report.ts';
import type { Host } from './host.ts';
import { readRun } from './read-run.ts';
import { showComparison, showFlaky, showSlower } from './run-history.ts';
import { loggedRuns, summaryOf } from './run-logs.ts';
import { shortestPath } from './run-reports.ts';
import { withHistory } from './with-history.ts';

/** Formats that are files for a browser or a machine; the others are shown when no path is given. */
const FILES: readonly string[] = ['html', 'junit'];

/** `galley report`: works from what past runs left, reads no kitchen file and needs no engine. */
export async function showReport(args: ReportArgs, host: Host): Promise<number> {
  forbidMixtures(args);
  const state = join(host.cwd, '.galley');
  const logs = join(state, 'logs');
  const history = join(state, 'history.db');
  if (args.flaky) return showFlaky(history, args.json, host);
  if (args.slower) return showSlower(history, args.json, host);
  if (args.compare !== undefined) return showComparison(args.compare, history, args.json, host);
  const requests = (args.format ?? []).flatMap((text) => parseReports(text));
  const { report, dir } = args.events ? await merged(args.events, host) : await logged(logs, args.run);
  if (requests.length === 0) {
    host.stdout.write(renderText(report, pc.createColors(host.stdout.color)));
    return 0;
  }
  const options = {
    root: host.cwd,
    maxCases: args.reportCases,
    comparison: args.events ? undefined : comparison(report, history, host),
    print: (text: string) => host.stdout.write(text),
  };
  for (const request of requests) {
    const target = targetOf(shownUnlessFile(request), join(dir, 'reports'), host.cwd);
    const path = await writeReport(request.format, target, report, options);
    if (path !== undefined) host.stderr.write(`report: ${shortestPath(path, host.cwd)}\n`);
  }
  return 0;
}

/** yargs' own `conflicts` takes an option's default for the option. */
function forbidMixtures(args: ReportArgs): void {
  const whats = [
    args.run !== undefined && '--run',
    args.events !== undefined && '--events',
    args.compare !== undefined && '--compare',
    args.flaky && '--flaky',
    args.slower && '--slower',
  ].filter((one) => one !== false);
  const isOfHistory = args.compare !== undefined || args.flaky || args.slower;
  const mixed = whats.length > 1 ? whats : isOfHistory && args.format ? [...whats, '--format'] : [];
  if (mixed.length === 0) return;
  throw new GalleyError({
    code: 'usage.command_line',
    kind: 'usage',
    message: `${mixed.join(' and ')} exclude each other`,
    hint: 'galley report --help tells what each is for',
  });
}

function shownUnlessFile(request: ReportRequest): ReportRequest {
  return request.path === undefined && !FILES.includes(request.format) ? { ...request, path: '-' } : request;
}

interface Found {
  readonly report: RunReport;
  /** Its log folder, or the folder of the events. */
  readonly dir: string;
}

async function merged(files: readonly string[], host: Host): Promise<Found> {
  const reports: RunReport[] = [];
  for (const file of files) reports.push(await readRun(resolve(host.cwd, file)));
  return { report: mergeReports(reports), dir: host.cwd };
}

/** The run that is meant; the last one that did more than destroy when none is named. */
async function logged(logs: string, asked: string | undefined): Promise<Found> {
  const runs = (await loggedRuns(logs)).filter((run) => existsSync(join(logs, run.id, 'events.ndjson')));
  const named = asked === undefined ? undefined : runs.filter((run) => run.id.startsWith(asked));
  if (named && named.length === 0) throw noSuchRun(asked ?? '');
  const id = named ? named[0]?.id : await lastRun(logs, runs);
  if (id === undefined) {
    throw new GalleyError({
      code: 'usage.no_such_run',
      kind: 'usage',
      message: 'no run has been logged yet',
      hint: 'galley test makes one; --events reads the events of a run from elsewhere',
    });
  }
  const dir = join(logs, id);
  return { report: await readRun(join(dir, 'events.ndjson')), dir };
}

async function lastRun(
  logs: string,
  runs: Awaited<ReturnType<typeof loggedRuns>>,
): Promise<string | undefined> {
  for (const run of runs) {
    const { command } = await summaryOf(logs, run);
    if (command !== null && command !== 'destroy') return run.id;
  }
  return runs[0]?.id;
}

function noSuchRun(asked: string): GalleyError {
  return new GalleyError({
    code: 'usage.no_such_run',
    kind: 'usage',
    message: `there is no run '${asked}'`,
    got: asked,
    hint: 'galley logs --list shows the runs that are kept',
  });
}

function comparison(report: RunReport, file: string, host: Host): ReturnType<typeof compareRuns> | undefined {
  if (!existsSync(file)) return undefined;
  const now = snapshotOf(report);
  const warn = (message: string): void => host.stderr.write(`! ${message}\n`);
  const previous = withHistory(file, warn, (history) => history.previousOf(now));
  return previous && compareRuns(previous, now);
}
