import { join } from 'node:path';
import type { ActionContext } from '../../src/core/action-context.ts';
import type { CheckReport } from '../../src/core/events.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { SuiteInput } from '../../src/core/test-suite.ts';
import { proxyEnvironment } from '../../src/suites/proxies.ts';
import { reportsOf } from '../../src/suites/report.ts';
import { sendFiles, withRemoteFolders } from '../../src/suites/stage.ts';
import { bashRunner } from './bash.ts';
import { batsRunner } from './bats.ts';
import { type TestFolder, testFolders } from './folders.ts';
import type { Runner } from './runner.ts';
import type { BusserSettings } from './settings.ts';
import { specRunner } from './specs.ts';

const RUNNERS: ReadonlyMap<string, Runner> = new Map([
  ['bash', bashRunner],
  ['bats', batsRunner],
  ['rspec', specRunner],
  ['serverspec', specRunner],
]);

/** Finds the tests and fetches what runs them, before anything is made. */
export async function prepareBusser(ctx: ActionContext<BusserSettings>, host: PluginHost): Promise<void> {
  for (const { runner } of await planned(ctx)) await runner.tools(ctx, host);
}

/**
 * Sends the tests and their runners to the instance, runs folder after folder there, and takes all away again. The
 * tests are where Test Kitchen puts them (`<root_path>/suites/<busser>`), because some name that path.
 */
export async function runBusser(
  ctx: ActionContext<BusserSettings>,
  input: SuiteInput,
  host: PluginHost,
): Promise<readonly CheckReport[]> {
  const { config: settings } = ctx;
  const folders = await planned(ctx);
  if (folders.length === 0) {
    const place = join(settings.test_base_path, settings.suite_name ?? ctx.instance.suite);
    const message = `busser: no folder of tests in ${place} (${[...RUNNERS.keys()].join(', ')})`;
    ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'warning', message });
    return [];
  }
  const root = settings.root_path;
  const [tests, tools] = [`${root}/suites`, `${root}/.galley`];
  const env = { ...proxyEnvironment(settings), BUSSER_ROOT: root, ...settings.env };
  const chosen = folders.flatMap((one) => {
    const { busser } = one.folder;
    const only = input.only?.filter(({ id }) => id === busser || id.startsWith(`${busser}.`));
    return only?.length === 0 ? [] : [{ ...one, only }];
  });
  return withRemoteFolders(ctx, input.connection, root, [tests, tools], async () => {
    const needed = await Promise.all(chosen.map(({ runner }) => runner.tools(ctx, host)));
    // serverspec and rspec share theirs.
    const shared = new Map(needed.flat().map((file) => [file.path, file]));
    const staged = chosen.flatMap(({ folder }) =>
      folder.files.map((file) => ({ ...file, path: `suites/${folder.busser}/${file.path}` })),
    );
    const all = [
      ...staged,
      ...[...shared.values()].map((file) => ({ ...file, path: `.galley/${file.path}` })),
    ];
    await sendFiles(input.connection, all, root);
    const reports: CheckReport[] = [];
    for (const { folder, runner, only } of chosen) {
      ctx.emit({ type: 'progress', instance: ctx.instance.name, text: `${folder.busser} tests` });
      const place = `${tests}/${folder.busser}`;
      const job = { ctx, input, folder, tests: place, tools, env, ...(only && { only }) };
      reports.push(...reportsOf(folder.busser, await runner.run(job)));
    }
    return reports;
  });
}

async function planned(
  ctx: ActionContext<BusserSettings>,
): Promise<readonly { readonly folder: TestFolder; readonly runner: Runner }[]> {
  const folders = await testFolders(ctx.root, ctx.instance.suite, ctx.config, [...RUNNERS.keys()]);
  return folders.flatMap((folder) => {
    const runner = RUNNERS.get(folder.busser);
    return runner ? [{ folder, runner }] : [];
  });
}
