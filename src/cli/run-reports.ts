import { accessSync, constants } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { GalleyError } from '../core/errors.ts';
import type { Kitchen } from '../core/kitchen.ts';
import { leadsOut, pathFrom } from '../core/paths.ts';
import { parseReports, type ReportRequest } from '../core/report-request.ts';
import type { Reporter } from '../core/reporter.ts';
import { makeFolder } from '../reporters/formats/make-folder.ts';
import { targetOf } from '../reporters/formats/target.ts';
import { GithubActions } from '../reporters/github-actions.ts';
import { compareRuns } from '../reporters/model/compare.ts';
import type { RunReport } from '../reporters/model/run-report.ts';
import { snapshotOf } from '../reporters/model/snapshot.ts';
import { ReportWriter } from '../reporters/report-writer.ts';
import type { Terminal } from '../reporters/terminal.ts';
import type { Env, Host } from './host.ts';
import { stateDir } from './kitchen.ts';
import type { Reporting } from './report-options.ts';
import { withHistory } from './with-history.ts';

export interface RunReports {
  /** Where people are told of the run: standard error when a report or the events go to standard output. */
  readonly terminal: Terminal;
  /** To stand behind the terminal's reporter. */
  readonly reporters: readonly Reporter[];
  /** After everything is closed: keeps the run in the history and says what was written. */
  finish(): void;
}

interface Parts {
  readonly verb: string;
  readonly kitchen: Kitchen;
  readonly args: Reporting;
  readonly host: Host;
  readonly logDir: string;
  readonly secrets: readonly string[];
}

/** AWS CodeBuild takes so many cases in a report and refuses more. */
const CODEBUILD_CASES = 500;

/** The reports of a run: those asked for by options and kitchen file, and GitHub's where GitHub runs us. */
export function runReports(parts: Parts): RunReports {
  const { kitchen, args, host, logDir } = parts;
  // Cleaning up afterwards must not replace the reports of the run before.
  const usual = parts.verb === 'destroy' ? [] : (kitchen.reports ?? []);
  const requests = [...usual, ...(args.report ?? []).flatMap((text) => parseReports(text))];
  const defaultDir = join(logDir, 'reports');
  checkTargets(requests, args, kitchen.root);
  const toStdout = args.events === '-' || requests.some((one) => one.path === '-');
  const terminal = toStdout ? host.stderr : host.stdout;
  const toRepository = repositoryPath(host.env, kitchen.root);
  const files = requests.filter((one) => one.format !== 'github' || one.path !== undefined);
  const maxCases =
    args.reportCases ?? (host.env['CODEBUILD_BUILD_ID'] === undefined ? undefined : CODEBUILD_CASES);
  const historyFile = join(stateDir(kitchen), 'history.db');
  const writer = new ReportWriter(files, {
    defaultDir,
    root: kitchen.root,
    toRepository,
    maxCases,
    print: (text) => host.stdout.write(text),
    compare: async (report) => comparison(report, historyFile),
  });
  const isOnGithub = host.env['GITHUB_ACTIONS'] === 'true';
  const github = new GithubActions({
    terminal,
    // Anywhere else, this would be printing secrets.
    secrets: isOnGithub ? parts.secrets : [],
    summaryFile: isOnGithub ? host.env['GITHUB_STEP_SUMMARY'] : undefined,
    toRepository,
  });
  const wantsGithub = isOnGithub || files.length < requests.length;
  return {
    terminal,
    reporters: wantsGithub ? [writer, github] : [writer],
    finish() {
      const report = writer.report();
      if (report.instances.length > 0) keep(report, historyFile, host);
      for (const path of writer.written) terminal.write(`report: ${shortestPath(path, host.cwd)}\n`);
    },
  };
}

/** A report that cannot be written is better known before an hour of work than after it. */
function checkTargets(requests: readonly ReportRequest[], args: Reporting, root: string): void {
  const toStdout = [...requests.map((one) => one.path), args.events].filter((path) => path === '-');
  if (toStdout.length > 1) {
    throw new GalleyError({
      code: 'usage.report_path',
      kind: 'usage',
      message: 'only one of the reports and events can go to standard output',
      hint: 'give the others a path',
    });
  }
  for (const request of requests) {
    if (request.path === undefined) continue;
    const target = targetOf(request, '', root);
    if (target.kind === 'stdout') continue;
    const folder = target.kind === 'folder' ? target.path : dirname(target.path);
    try {
      makeFolder(folder);
      accessSync(folder, constants.W_OK);
    } catch (cause) {
      throw new GalleyError({
        code: 'usage.report_path',
        kind: 'usage',
        message: `the ${request.format} report cannot be written to ${request.path}`,
        got: (cause as Error).message,
        hint: 'name a file in a folder that exists or can be made, or - for standard output',
        cause,
      });
    }
  }
}

/** Files of the kitchen are named from its folder; GitHub counts paths from the repository's root. */
function repositoryPath(env: Env, root: string): (file: string) => string {
  const workspace = env['GITHUB_WORKSPACE'];
  if (workspace === undefined || workspace === '') return (file) => file;
  return (file) => {
    const way = relative(workspace, resolve(root, file));
    return leadsOut(way) ? file : way;
  };
}

function comparison(report: RunReport, historyFile: string): ReturnType<typeof compareRuns> | undefined {
  const now = snapshotOf(report);
  // What is wrong with the history is said once, when the run is kept.
  const previous = withHistory(
    historyFile,
    () => undefined,
    (history) => history.previousOf(now),
  );
  return previous && compareRuns(previous, now);
}

function keep(report: RunReport, historyFile: string, host: Host): void {
  const warn = (message: string): void => host.stderr.write(`! ${message}\n`);
  withHistory(historyFile, warn, (history) => history.record(snapshotOf(report)));
}

/** As the user would write it. */
export function shortestPath(path: string, cwd: string): string {
  const way = pathFrom(cwd, path);
  return path.endsWith('/') && !way.endsWith('/') ? `${way}/` : way;
}
