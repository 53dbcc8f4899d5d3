import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionContext } from '../../src/core/action-context.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { CheckReport } from '../../src/core/events.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import { quote } from '../../src/core/shell-words.ts';
import { RUN_SUFFIX, type SuiteInput } from '../../src/core/test-suite.ts';
import { tryJson } from '../../src/core/try-json.ts';
import { proxyEnvironment } from '../../src/suites/proxies.ts';
import { isExplained, reportsOf, type TestCase, type TestGroup } from '../../src/suites/report.ts';
import { runOnInstance } from '../../src/suites/run-remote.ts';
import type { ToolRun } from '../../src/suites/run-tool.ts';
import { sendFiles, withRemoteFolders } from '../../src/suites/stage.ts';
import { findGoss, givenBinary } from './binary.ts';
import { type GossFiles, gossFiles, lineOf } from './files.ts';
import { GossJson, gossTests } from './results.ts';
import type { GossSettings } from './settings.ts';

const DEFAULT_TIMEOUT_S = 600;

/** Finds the tests, and the program that is named, before anything is made. */
export async function prepareGoss(ctx: ActionContext<GossSettings>): Promise<void> {
  await gossFiles(ctx.root, ctx.instance.suite, ctx.config);
  givenBinary(ctx.root, ctx.config);
}

interface Job {
  readonly ctx: ActionContext<GossSettings>;
  readonly input: SuiteInput;
  readonly all: GossFiles;
  /** Absolute paths on the instance. */
  readonly goss: string;
  readonly tests: string;
  readonly tools: string;
}

/** Runs goss on the instance, file after file, and takes away what was sent there. */
export async function runGoss(
  ctx: ActionContext<GossSettings>,
  input: SuiteInput,
  host: PluginHost,
): Promise<readonly CheckReport[]> {
  const { config: settings } = ctx;
  const { connection } = input;
  const all = await gossFiles(ctx.root, ctx.instance.suite, settings);
  if (settings.sleep) await sleep(settings.sleep * 1000, undefined, { signal: ctx.signal });
  if (settings.custom_install_command != null) await install(ctx, input, settings.custom_install_command);
  const found = await findGoss(ctx, connection, host);
  const root = settings.root_path;
  const [tests, tools] = [`${root}/suites/goss`, `${root}/.galley`];
  return withRemoteFolders(ctx, connection, root, [`${root}/suites`, tools], async () => {
    const staged = all.files.map(({ path, source, mode }) => ({ path: `suites/goss/${path}`, source, mode }));
    const sent =
      found.on === 'here' ? [{ path: '.galley/goss', source: { file: found.file }, mode: 0o755 }] : [];
    await sendFiles(connection, [...staged, ...sent], root);
    const goss = found.on === 'here' ? `${tools}/goss` : found.path;
    const cases: (TestCase | TestGroup)[] = [];
    const files = input.only?.map(({ file }) => all.files.find(({ local }) => local === file)?.path);
    const isNarrow = files?.every((file) => file !== undefined) ?? false;
    for (const file of all.tests.filter((path) => !isNarrow || files?.includes(path)))
      cases.push(...(await runFile({ ctx, input, all, goss, tests, tools }, file)));
    return reportsOf('goss', cases);
  });
}

async function runFile(job: Job, file: string): Promise<readonly (TestCase | TestGroup)[]> {
  const { all, goss, tests, tools } = job;
  const { vars } = job.ctx.config;
  const words = [
    goss,
    '--gossfile',
    file,
    ...(all.vars === undefined ? [] : ['--vars', all.vars]),
    ...(vars == null ? [] : ['--vars-inline', JSON.stringify(vars)]),
    'validate',
    '--format',
    'json',
    '--no-color',
  ];
  const out = `${tools}/results.json`;
  const run = await onInstance(
    job.ctx,
    job.input,
    `mkdir -p ${quote(tools)} && cd ${quote(tests)} && ${words.map(quote).join(' ')} > ${quote(out)}`,
  );
  const written = await job.input.connection.readFile(out);
  const text = written?.toString('utf8') ?? '';
  const local = all.files.find(({ path }) => path === file);
  const place = local?.local ?? file;
  const report =
    run.exitCode === 0 || run.exitCode === 1 ? GossJson.safeParse(tryJson(text)).data : undefined;
  if (report === undefined || report.results.length === 0) return [broken(run, text, place)];
  const groups = gossTests(report, {
    source: goss.startsWith(tools) ? 'on the instance' : `on the instance, by its ${goss}`,
    file: place,
    lineOf: (id) => lineOf(local?.text ?? '', id),
  });
  return isExplained(run.exitCode, groups) ? groups : [...groups, broken(run, '', place)];
}

function onInstance(ctx: ActionContext<GossSettings>, input: SuiteInput, script: string): Promise<ToolRun> {
  return runOnInstance(ctx, input.connection, script, {
    env: { ...proxyEnvironment(ctx.config), ...ctx.config.env_vars },
    timeoutMs: (ctx.config.timeout ?? DEFAULT_TIMEOUT_S) * 1000,
    source: 'goss',
  });
}

async function install(ctx: ActionContext<GossSettings>, input: SuiteInput, command: string): Promise<void> {
  const run = await onInstance(ctx, input, command);
  if (run.exitCode === 0) return;
  throw new GalleyError({
    code: 'goss.not_installed',
    kind: 'verify',
    message: `custom_install_command ended with ${run.exitCode === 'timeout' ? 'a timeout' : `exit code ${run.exitCode}`}: nothing was verified`,
    details: run.lastLines,
    hint: 'correct verifier: {custom_install_command: …}; galley exec runs it by hand',
  });
}

/** goss says what is wrong with a file on standard output or standard error, with exit code 78, 1 or 2. */
function broken(run: ToolRun, text: string, place: string): TestCase {
  const said = [...text.split('\n'), ...run.lastLines].filter((line) => line.trim() !== '');
  const cause = said.find((line) => line.startsWith('Error: '))?.slice('Error: '.length) ?? said.at(-1);
  return {
    id: `goss${RUN_SUFFIX}`,
    title: `goss runs ${place}`,
    outcome: 'error',
    expected: 'results',
    observed:
      run.exitCode === 'timeout'
        ? 'did not end in time and was stopped'
        : `exit code ${run.exitCode}: ${cause ?? 'no word of why'}`,
    notes: said.slice(-15),
    durationMs: run.durationMs,
    location: { file: place },
    ...(run.exitCode === 'timeout' && { hint: "raise the verifier's `timeout`" }),
  };
}
