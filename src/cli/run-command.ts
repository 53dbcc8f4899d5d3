import { join } from 'node:path';
import type { Action } from '../core/instance.ts';
import { createRedact } from '../core/redactor.ts';
import type { Reporter } from '../core/reporter.ts';
import { EventBus } from '../engine/event-bus.ts';
import { runAll } from '../engine/run.ts';
import type { Command } from '../engine/run-instance.ts';
import { actionsFor } from '../plan/actions.ts';
import { chooseChecks } from '../plan/choose-checks.ts';
import { type ResolvedInstance, resolveInstances } from '../plan/resolve.ts';
import { withStep } from '../plan/until-step.ts';
import { createPlugins } from '../plugins.ts';
import { Live } from '../reporters/live.ts';
import { LogFiles } from '../reporters/log-files.ts';
import { Ndjson } from '../reporters/ndjson.ts';
import { Plain } from '../reporters/plain.ts';
import { basesFor } from './bases-for.ts';
import { type CheckSelection, failedChecks, knownTests } from './check-selection.ts';
import type { GlobalOptions } from './command.ts';
import { exitCodeOf } from './exit-codes.ts';
import type { Host } from './host.ts';
import { type Interrupts, watchInterrupts } from './interrupts.ts';
import { readKitchen, stateDir, stateStore } from './kitchen.ts';
import { knownSecrets } from './known-secrets.ts';
import { listChecks } from './list-checks.ts';
import { noChecksLeft, noInstances } from './no-instances.ts';
import { orphanConfigs } from './orphans.ts';
import { printError } from './print-error.ts';
import { printPlan } from './print-plan.ts';
import { readExisting } from './read-existing.ts';
import type { Reporting } from './report-options.ts';
import { resolveToDestroy } from './resolve-to-destroy.ts';
import { beginRun, interruptNotice } from './run-context.ts';
import { newRunId } from './run-id.ts';
import type { HowToRun } from './run-options.ts';
import { runReports } from './run-reports.ts';
import { nothingLeft, type Selection, select } from './selection.ts';
import { warningLines } from './warning-lines.ts';

export interface RunOptions extends GlobalOptions, Selection, HowToRun, Reporting, CheckSelection {
  /** Only `verify`: show the checks, and do nothing. */
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  /** Only `destroy`: what exists but is no longer in the config. */
  readonly orphans?: boolean;
}

/** Loads, plans and runs one phase command over the selected instances; the exit code says how it went. */
export async function runCommand(command: Command, args: RunOptions, host: Host): Promise<number> {
  // What was made must be removable, whatever has become of the files since.
  const isDestroy = command.verb === 'destroy' && !args.orphans;
  const kitchen = isDestroy
    ? (await readExisting(host, args, { warn: false })).kitchen
    : await readKitchen(host, { ...args, compat: (args.compat ?? false) || command.verb === 'destroy' });
  if (kitchen.instances.length === 0 && !args.orphans) throw noInstances(kitchen);
  const store = stateStore(kitchen);
  const meant = args.orphans ? await orphanConfigs(store, kitchen) : await select(kitchen, args, host);
  const selected = withStep(meant, command.until);
  const nothing = args.orphans && selected.length === 0 ? 'no orphans' : nothingLeft(args, selected);
  if (nothing !== undefined) {
    host.stderr.write(`${nothing}\n`);
    return 0;
  }
  const plugins = createPlugins(host);
  const actions = new Set<Action>(actionsFor(command.verb, undefined));
  const { resolved: everything, skipped } = isDestroy
    ? await resolveToDestroy(selected, plugins, store)
    : { resolved: resolveInstances(selected, plugins, actions), skipped: [] };
  // After `test` has destroyed everything, what failed last time says nothing.
  const failed = args.failed && command.verb === 'verify' ? await failedChecks(store, everything) : undefined;
  const tests = await knownTests(store, everything);
  const resolved = chooseChecks(everything, { check: args.check, checkTag: args.checkTag, failed, tests });
  if (resolved.length === 0) throw noChecksLeft();
  if (args.list) {
    const redact = createRedact(knownSecrets(selected));
    return listChecks(resolved, tests, host, args.json ?? false, redact);
  }
  const baseInstances =
    command.verb === 'destroy'
      ? new Map<string, ResolvedInstance>()
      : await basesFor(kitchen, resolved, args, host, plugins);
  if (args.dryRun) {
    const lines = warningLines(kitchen, resolved, { verbose: args.verbose, color: host.stderr.color });
    for (const line of lines) host.stderr.write(`${line}\n`);
    return printPlan(command, resolved, store, host, args.json ?? false);
  }
  const runId = newRunId();
  const logDir = join(stateDir(kitchen), 'logs', runId);
  const secrets = knownSecrets(selected, baseInstances);
  const redact = createRedact(secrets);
  const reports = runReports({ verb: command.verb, kitchen, args, host, logDir, secrets });
  const own = reportersFor(args, logDir, reports.terminal, host.stdout);
  const bus = new EventBus(runId, [...own, ...reports.reporters], redact);
  using interrupts = watchInterrupts((count) => bus.emit(interruptNotice(count)));
  const started = performance.now();
  const run = await beginRun(command.verb, resolved, {
    kitchen,
    plugins,
    host,
    bus,
    interrupts,
    logDir,
    redact,
    args,
    baseInstances,
  });
  for (const name of skipped) {
    const message = `${name} is left out: it was not created, and this Galley does not have its driver`;
    bus.emit({ type: 'notice', level: 'info', message });
  }
  let exitCode = 1;
  let codes: readonly number[] = [];
  try {
    const instances = await runAll(run, resolved, command, args.concurrency);
    exitCode = finalCode(exitCodeOf(instances), interrupts);
    bus.emit({ type: 'run:end', exitCode, durationMs: performance.now() - started, instances });
  } finally {
    // Also when a bug ends the run: what is known of it is reported as a run without an end.
    const broken = await bus.close();
    codes = broken.map(({ error }) => printError(error, host.stderr, args.debug));
    reports.finish();
  }
  return exitCode === 0 ? (codes[0] ?? 0) : exitCode;
}

function reportersFor(
  args: RunOptions,
  logDir: string,
  terminal: Host['stdout'],
  stdout: Host['stdout'],
): readonly Reporter[] {
  const reporters: Reporter[] = [new LogFiles(logDir)];
  const options = { verbose: args.verbose, debug: args.debug };
  reporters.push(terminal.isTty ? new Live(terminal, options) : new Plain(terminal, options));
  if (args.events !== undefined) reporters.push(new Ndjson(args.events, stdout));
  return reporters;
}

function finalCode(code: number, interrupts: Interrupts): number {
  const interrupted = interrupts.exitCode();
  return interrupted !== undefined && code !== 0 ? interrupted : code;
}
