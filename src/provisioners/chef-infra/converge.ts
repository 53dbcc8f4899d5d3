import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ActionContext } from '../../core/action-context.ts';
import { type ErrorRecord, GalleyError } from '../../core/errors.ts';
import type { ResourceResult } from '../../core/events.ts';
import { redact } from '../../core/output-lines.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import type { ConvergeInput, ConvergeResult } from '../../core/provisioner.ts';
import type { PlannedFile } from '../../local/planned-file.ts';
import { packFiles } from '../../local/tarball.ts';
import { remoteEnvironment } from '../remote-environment.ts';
import { manifestAfter, manifestBefore, planDelta } from '../sandbox/delta.ts';
import { download, upload } from '../sandbox/transfers.ts';
import { clientBinary } from './client-binary.ts';
import { CONTENT_LOST, clientCommand } from './client-command.ts';
import { outsideCause, unreportedFailure } from './client-end.ts';
import { REPORT_FILE } from './client-rb.ts';
import {
  type DataCollectorReport,
  parseDataCollectorReport,
  type ReportedResource,
  type ReportedRun,
} from './dc-report.ts';
import { failureRecord } from './failure-record.ts';
import { judgeIdempotency } from './idempotency.ts';
import { nodeNameOf, plannedFiles } from './planned-files.ts';
import type { Prepared } from './prepare.ts';
import { type ClientRun, runClient } from './run-client.ts';
import type { ChefInfraSettings } from './settings.ts';

/** Sends what changed, runs the client and reads its report. A converge without changes is one exec and one read. */
export async function convergeChef(
  given: ActionContext<ChefInfraSettings>,
  input: ConvergeInput,
  prepared: Prepared,
  host: PluginHost,
): Promise<ConvergeResult> {
  const settings = input.again
    ? { ...given.config, multiple_converge: 1, enforce_idempotency: false }
    : given.config;
  const ctx = { ...given, config: settings };
  const binary = clientBinary(settings, input.client);
  const { data } = prepared;
  const nodeName = nodeNameOf(ctx);
  const plan = plannedFiles(ctx, prepared);
  const stamp = plan.at(-1)?.source;
  const secrets = data.secret === undefined ? [] : [(await readFile(data.secret.absolute, 'utf8')).trim()];
  await upload(input.connection, ctx.root, settings.uploads);
  const attempt = async (uploaded: ConvergeInput['uploaded']): Promise<ClientRun> => {
    const removed = await send(ctx, input, plan, uploaded);
    const command = clientCommand({
      settings,
      binary,
      nodeName,
      removed,
      nodeFiles: plan.map((file) => file.path).filter((path) => path.startsWith('nodes/')),
      stamp: stamp && 'text' in stamp ? stamp.text : '',
    });
    const run = await runClient(ctx, input.connection, command, remoteEnvironment(settings, host), secrets);
    if (removed.length > 0 && run.exitCode !== CONTENT_LOST)
      await input.recordUpload(manifestAfter(plan, []));
    return run;
  };
  let run = await attempt(input.uploaded);
  if (run.exitCode === CONTENT_LOST) {
    ctx.emit({
      type: 'notice',
      instance: ctx.instance.name,
      level: 'info',
      message: `${settings.root_path} lost its content since the last converge; everything is sent again`,
    });
    await input.recordUpload({});
    run = await attempt({});
  }
  const report = await readReport(input, settings);
  for (const message of await download(input.connection, ctx.root, settings.downloads)) {
    ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'warning', message });
  }
  const told: typeof ctx = { ...ctx, emit: (event) => ctx.emit(withoutSecrets(event, secrets)) };
  return withoutSecrets(await judge(told, input, run, report, prepared), secrets);
}

/** Uploads changed files; returns the paths that the client's command still has to delete. */
async function send(
  ctx: ActionContext<ChefInfraSettings>,
  input: ConvergeInput,
  plan: readonly PlannedFile[],
  uploaded: ConvergeInput['uploaded'],
): Promise<readonly string[]> {
  const delta = planDelta(plan, uploaded);
  if (delta.changed.length === 0) return delta.removed;
  ctx.emit({ type: 'progress', instance: ctx.instance.name, text: `sending ${delta.changed.length} files` });
  await input.recordUpload(manifestBefore(delta, uploaded));
  await input.connection.upload(await packFiles(delta.changed), ctx.config.root_path);
  await input.recordUpload(manifestAfter(plan, delta.removed));
  ctx.signal.throwIfAborted();
  return delta.removed;
}

async function readReport(input: ConvergeInput, settings: ChefInfraSettings): Promise<DataCollectorReport> {
  const content = await input.connection.readFile(`${settings.root_path}/${REPORT_FILE}`);
  return parseDataCollectorReport(content?.toString('utf8') ?? '');
}

async function judge(
  ctx: ActionContext<ChefInfraSettings>,
  input: ConvergeInput,
  run: ClientRun,
  report: DataCollectorReport,
  { cookbooks }: Prepared,
): Promise<ConvergeResult> {
  const settings = ctx.config;
  const failed = report.runs.find((one) => one.status === 'failure');
  // Of several runs that passed the first did the work; the others show whether it was idempotent.
  const shown = failed ?? report.runs[0];
  const resources = (shown?.resources ?? []).map(withoutFailure);
  const base = {
    resources,
    total: shown?.total ?? 0,
    updated: shown?.updated ?? 0,
    clientMs: run.durationMs,
  };
  if (run.exitCode === 0 && failed === undefined) {
    if (shown === undefined) throw noReport(input.logFile);
    const error = settings.enforce_idempotency ? notIdempotent(ctx, report.runs) : undefined;
    if (error === undefined) return { outcome: 'passed', ...base };
    return { outcome: 'failed', ...base, error: withLog(error, input.logFile) };
  }
  const context = { rootPath: settings.root_path, cookbooks, readText: readTextOrNothing };
  const reported = failed && failureRecord(failed, context);
  if (run.timedOut)
    return {
      outcome: 'failed',
      ...base,
      error: withLog(timeoutError(settings, run, reported), input.logFile),
    };
  const outside = outsideCause(run.exitCode, run.end, reported !== undefined);
  const error =
    outside && reported
      ? { ...outside, details: [reported.message, ...(reported.details ?? [])] }
      : (outside ?? reported ?? (await unreported(input, settings, run)));
  return { outcome: 'failed', ...base, error: withLog(error, input.logFile) };
}

/** The client's report repeats commands and their output: names of resources and the failure go on to the terminal. */
export function withoutSecrets<T>(value: T, secrets: readonly string[]): T {
  if (typeof value === 'string') return redact(value, secrets) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutSecrets(item, secrets)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => [
    key,
    withoutSecrets(item, secrets),
  ]);
  return Object.fromEntries(entries) as T;
}

function withoutFailure({ failure: _failure, ...resource }: ReportedResource): ResourceResult {
  return resource;
}

async function unreported(
  input: ConvergeInput,
  settings: ChefInfraSettings,
  run: ClientRun,
): Promise<ErrorRecord> {
  const stacktrace = await input.connection.readFile(`${settings.root_path}/cache/chef-stacktrace.out`);
  return unreportedFailure(run.exitCode, stacktrace?.toString('utf8'), run.lastLines);
}

function notIdempotent(
  ctx: ActionContext<ChefInfraSettings>,
  runs: readonly ReportedRun[],
): ErrorRecord | undefined {
  const { error, allowed, unused } = judgeIdempotency(runs, ctx.config.idempotency_allow);
  for (const { text, isThere, near } of unused) {
    const guess = near === undefined ? '' : `; did you mean "${near}"?`;
    const message = isThere
      ? `\`idempotency_allow\` names ${text}, which did not change again`
      : `\`idempotency_allow\` names ${text}, which is no resource of this run${guess}`;
    ctx.emit({
      type: 'notice',
      instance: ctx.instance.name,
      level: isThere ? 'verbose' : 'warning',
      message,
    });
  }
  if (allowed.length > 0) {
    const message = `changed again, as \`idempotency_allow\` allows: ${allowed.join(', ')}`;
    ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'info', message });
  }
  return error;
}

function timeoutError(
  settings: ChefInfraSettings,
  run: ClientRun,
  reported: ErrorRecord | undefined,
): ErrorRecord {
  const evidence = reported
    ? [reported.message, ...(reported.details ?? [])]
    : ['its last lines:', ...run.lastLines.slice(-15)];
  return {
    code: 'chef.timeout',
    kind: 'converge',
    message: `the client did not end within ${settings.timeout ?? 0} s and was stopped`,
    ...(reported?.location && { location: reported.location }),
    details: evidence,
    hint: "raise the provisioner's `timeout`",
  };
}

function noReport(logFile: string): GalleyError {
  return new GalleyError({
    code: 'chef.no_report',
    kind: 'infrastructure',
    message: 'the client ended with exit code 0 but left no report of its run',
    details: [`full log: ${logFile}`],
    hint: 'a setting of `client_rb` or `solo_rb` may have turned the data collector off',
  });
}

function withLog(error: ErrorRecord, logFile: string): ErrorRecord {
  return { ...error, details: [...(error.details ?? []), `full log: ${logFile}`] };
}

function readTextOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
