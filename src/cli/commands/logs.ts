import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { selectInstances } from '../../plan/select.ts';
import { defineCommand, type GlobalOptions } from '../command.ts';
import { followLog } from '../follow-log.ts';
import type { Host } from '../host.ts';
import { watchInterrupts } from '../interrupts.ts';
import { stateDir } from '../kitchen.ts';
import { readExisting } from '../read-existing.ts';
import { chooseLogs, type LoggedRun, loggedRuns, runsAbout, summaryLines, summaryOf } from '../run-logs.ts';
import { type Selection, select, selectionOptions } from '../selection.ts';

interface LogsArgs extends Selection {
  readonly run?: string | undefined;
  readonly follow: boolean;
  readonly list: boolean;
  readonly json: boolean;
}

type Chosen = ReturnType<typeof chooseLogs>[number];

export const logs = defineCommand<LogsArgs>({
  command: 'logs [instances..]',
  describe: 'show the full log of the last run of instances',
  options: (yargs) =>
    selectionOptions(yargs)
      .option('run', { type: 'string', requiresArg: true, describe: 'a run, or the beginning of its id' })
      .option('follow', {
        alias: 'f',
        type: 'boolean',
        default: false,
        describe: 'go on while the run goes on',
      })
      .option('list', {
        alias: 'l',
        type: 'boolean',
        default: false,
        describe: 'list the runs that are kept',
      })
      .option('json', { alias: 'j', type: 'boolean', default: false, describe: 'list as JSON' }) as never,
  run: async (args, host) => {
    const dir = join(stateDir({ root: host.cwd }), 'logs');
    const runs = await loggedRuns(dir);
    const instances = await wanted(runs, args, host);
    if (args.list) return list(dir, runs, instances, args, host);
    const chosen = chooseLogs(runs, { run: args.run, instances });
    return args.follow ? follow(dir, chosen, host) : print(dir, chosen, host);
  },
});

/** The kitchen file is read only when it is needed: a broken one must not hide the logs. */
async function wanted(
  runs: readonly LoggedRun[],
  args: LogsArgs & GlobalOptions,
  host: Host,
): Promise<readonly string[]> {
  const logged = [...new Set(runs.flatMap((run) => run.instances))].toSorted();
  const { suite, platform, tag, skipTag, driver, failed, changedSince } = args;
  if ([suite, platform, tag, skipTag, driver, changedSince].some((one) => one !== undefined) || failed) {
    const { kitchen } = await readExisting(host, args);
    const chosen = await select(kitchen, args, host);
    return chosen.map((config) => config.instance.name);
  }
  if (runs.length === 0) return args.instances ?? [];
  const named = logged.map((name) => ({ instance: { name } }));
  return selectInstances(named, args.instances ?? []).map((one) => one.instance.name);
}

async function print(dir: string, chosen: readonly Chosen[], host: Host): Promise<number> {
  for (const { run, instance } of chosen) {
    if (chosen.length > 1) host.stdout.write(`==> ${instance} (run ${run}) <==\n`);
    // Piece by piece: a log may be longer than a text can be.
    for await (const bytes of createReadStream(join(dir, run, `${instance}.log`))) {
      if (host.stdout.gone?.aborted) return 0;
      host.stdout.write(bytes as Uint8Array);
    }
  }
  return 0;
}

async function follow(dir: string, chosen: readonly Chosen[], host: Host): Promise<number> {
  using interrupts = watchInterrupts(() => undefined);
  const { gone } = host.stdout;
  const signal = gone ? AbortSignal.any([interrupts.signal, gone]) : interrupts.signal;
  await Promise.all(
    chosen.map(({ run, instance }) => {
      const prefix = chosen.length > 1 ? `[${instance}] ` : '';
      const show = (text: string): void => host.stdout.write(text.replaceAll(/^(?=.)/gm, prefix));
      const isOver = async () => (await summaryOf(dir, { id: run, instances: [] })).durationMs !== null;
      return followLog(join(dir, run, `${instance}.log`), show, isOver, signal);
    }),
  );
  return interrupts.exitCode() ?? 0;
}

async function list(
  dir: string,
  runs: readonly LoggedRun[],
  instances: readonly string[],
  args: LogsArgs,
  host: Host,
): Promise<number> {
  const meant = runsAbout(runs, args.run, (args.instances ?? []).length === 0 ? undefined : instances);
  const summaries = await Promise.all(meant.map((run) => summaryOf(dir, run)));
  if (args.json) {
    host.stdout.write(`${JSON.stringify(summaries, null, 2)}\n`);
    return 0;
  }
  for (const line of summaryLines(summaries)) host.stdout.write(`${line}\n`);
  return 0;
}
