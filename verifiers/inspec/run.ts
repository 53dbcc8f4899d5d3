import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { CheckReport } from '../../src/core/events.ts';
import { pathFrom } from '../../src/core/paths.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { SuiteInput } from '../../src/core/test-suite.ts';
import { tryJson } from '../../src/core/try-json.ts';
import { dockerEnvironment } from '../../src/suites/docker-environment.ts';
import { proxyEnvironment } from '../../src/suites/proxies.ts';
import { isExplained } from '../../src/suites/report.ts';
import { runTool, type ToolRun } from '../../src/suites/run-tool.ts';
import { sshWords } from '../../src/suites/ssh-words.ts';
import { unreachable } from '../../src/suites/unreachable.ts';
import { inspecCommand, reportersFor, targetFlags } from './command.ts';
import { findInspec } from './find-executable.ts';
import { profilesFor, type Target } from './profiles.ts';
import { InspecJson, inspecReports } from './results.ts';
import type { InspecSettings } from './settings.ts';

const DEFAULT_TIMEOUT_S = 3600;
/** Passed, failed, and nothing failed but something was skipped (inspec: lib/inspec/ui.rb). */
const FAILED = 100;
const RAN = [0, FAILED, 101];

/** Finds the program and the profiles before anything is made. */
export function prepareInspec(ctx: ActionContext<InspecSettings>, host: PluginHost): void {
  findInspec(ctx.root, ctx.config.executable, host.env['PATH'] ?? '');
  profilesFor(ctx.root, ctx.instance, ctx.config);
}

/** Runs InSpec as a process of its own and reads its JSON report. */
export async function runInspec(
  ctx: ActionContext<InspecSettings>,
  input: SuiteInput,
  host: PluginHost,
): Promise<readonly CheckReport[]> {
  const { config: settings, root, instance } = ctx;
  const target = targetFlags(input.endpoint, settings, () => sshWords(input.connection).keyFiles);
  if (target === undefined) throw unreachable('inspec', 'InSpec', input.endpoint.kind);
  const executable = findInspec(root, settings.executable, host.env['PATH'] ?? '');
  await makeReportFolders(root, reportersFor(instance, settings));
  // Inputs and results may hold secrets: they are not kept with the logs.
  const scratch = await mkdtemp(join(tmpdir(), 'galley-inspec-'));
  const json = join(scratch, 'inspec.json');
  try {
    const command = inspecCommand({
      executable,
      profiles: await writeProfiles(profilesFor(root, instance, settings), scratch),
      target,
      json,
      inputFiles: [
        ...files(root, [...settings.input_files, ...settings.attrs]),
        ...(await writeInputs(settings, scratch)),
      ],
      waiverFiles: files(root, settings.waiver_files),
      controls: chosenControls(input.only) ?? settings.controls,
      reporters: reportersFor(instance, settings),
      backendCache: settings.backend_cache ?? true,
    });
    const env = {
      ...host.env,
      ...proxyEnvironment(settings),
      ...licence(settings, host),
      ...dockerEnvironment(input.endpoint),
    };
    const timeoutMs = (settings.timeout ?? DEFAULT_TIMEOUT_S) * 1000;
    const run = await runTool(ctx, command, { cwd: root, env, timeoutMs, source: 'inspec' });
    const report = await readReport(run, json);
    const reports = inspecReports(report, {
      allowSkips: settings.allow_skips,
      source: `InSpec ${report.version}`,
      relative: (path) => pathFrom(root, path),
    });
    if (run.exitCode === FAILED && !isExplained(FAILED, reports)) throw broken(run);
    return reports;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Control ids of the chosen tests; undefined when one has none of its own, since InSpec cannot choose it then. */
function chosenControls(only: SuiteInput['only']): readonly string[] | undefined {
  if (only === undefined || only.some(({ id }) => id.startsWith('inspec.'))) return undefined;
  // A control of that name in a second profile is reported as `name-2`.
  return [...new Set(only.flatMap(({ id }) => [id, id.replace(/-\d+$/, '')]))];
}

/** InSpec crashes when the folder of a report does not exist. */
async function makeReportFolders(root: string, reporters: readonly string[]): Promise<void> {
  for (const reporter of reporters) {
    const at = reporter.indexOf(':');
    if (at > 0) await mkdir(dirname(resolve(root, reporter.slice(at + 1))), { recursive: true });
  }
}

async function readReport(run: ToolRun, json: string): Promise<InspecJson> {
  if (typeof run.exitCode !== 'number' || !RAN.includes(run.exitCode)) throw broken(run);
  const text = await readFile(json, 'utf8').catch(() => undefined);
  if (text === undefined) throw broken(run);
  const report = InspecJson.safeParse(tryJson(text)).data;
  if (report === undefined) throw broken(run);
  return report;
}

/** InSpec's own command line knows no branches or tags, the dependencies of a profile do. */
async function writeProfiles(targets: readonly Target[], scratch: string): Promise<readonly string[]> {
  const depends = targets.flatMap((target) => (target.kind === 'dependency' ? [target.depends] : []));
  const given = targets.flatMap((target) => (target.kind === 'argument' ? [target.value] : []));
  if (depends.length === 0) return given;
  const folder = join(scratch, 'wrapper');
  await mkdir(join(folder, 'controls'), { recursive: true });
  await writeFile(
    join(folder, 'inspec.yml'),
    stringify({ name: 'galley-wrapper', version: '1.0.0', depends }),
  );
  const include = depends.map(({ name }) => `include_controls ${JSON.stringify(name)}\n`).join('');
  await writeFile(join(folder, 'controls', 'all.rb'), include);
  return [...given, folder];
}

async function writeInputs(settings: InspecSettings, scratch: string): Promise<readonly string[]> {
  const inputs = { ...settings.attributes, ...settings.inputs };
  if (Object.keys(inputs).length === 0) return [];
  const file = join(scratch, 'inputs.yml');
  await writeFile(file, stringify(inputs), { mode: 0o600 });
  return [file];
}

function files(root: string, given: readonly string[]): readonly string[] {
  return given.map((file) => resolve(root, file));
}

function licence(settings: InspecSettings, host: PluginHost): Readonly<Record<string, string>> {
  const entries = [
    ['CHEF_LICENSE', host.env['CHEF_LICENSE'] ?? settings.chef_license],
    ['CHEF_LICENSE_KEY', settings.chef_license_key],
    ['CHEF_LICENSE_SERVER', settings.chef_license_server],
  ] as const;
  return Object.fromEntries(entries.flatMap(([key, value]) => (value == null ? [] : [[key, value]])));
}

const EXIT_HINTS: Readonly<Record<number, string>> = {
  172: 'accept Chef’s licence: set CHEF_LICENSE=accept-no-persist or verifier: chef_license:, or install Cinc Auditor',
  173: 'InSpec 6 and later want a licence key: set CHEF_LICENSE_KEY, or use Cinc Auditor or InSpec 5',
  174: 'InSpec 6 and later want a licence key: set CHEF_LICENSE_KEY, or use Cinc Auditor or InSpec 5',
};

function broken(run: ToolRun): GalleyError {
  const text = run.lastLines.join('\n');
  const noDocker = /train plugin docker/.test(text);
  const hint = noDocker
    ? 'InSpec’s Docker transport is in the gem train: gem install train'
    : typeof run.exitCode === 'number'
      ? EXIT_HINTS[run.exitCode]
      : "raise the verifier's `timeout`";
  return new GalleyError({
    code: 'inspec.failed',
    kind: 'verify',
    message:
      run.exitCode === 'timeout'
        ? 'InSpec did not end in time and was stopped: nothing was verified'
        : `InSpec could not run the tests (exit code ${run.exitCode}): nothing was verified`,
    details: run.lastLines,
    ...(hint !== undefined && { hint }),
  });
}
