import { join } from 'node:path';
import type { Stage } from '../../core/instance.ts';
import type { Kitchen } from '../../core/kitchen.ts';
import { createRedact } from '../../core/redactor.ts';
import type { Reporter } from '../../core/reporter.ts';
import { EventBus } from '../../engine/event-bus.ts';
import { runAll } from '../../engine/run.ts';
import type { Command } from '../../engine/run-instance.ts';
import type { Plugins } from '../../plan/plugins.ts';
import type { ResolvedInstance } from '../../plan/resolve.ts';
import type { Need } from '../../plan/saved-file.ts';
import { LogFiles } from '../../reporters/log-files.ts';
import { exitCodeOf } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import type { Interrupts } from '../interrupts.ts';
import { stateDir } from '../kitchen.ts';
import { knownSecrets } from '../known-secrets.ts';
import { printError } from '../print-error.ts';
import { beginRun } from '../run-context.ts';
import { newRunId } from '../run-id.ts';
import type { HowToRun } from '../run-options.ts';

/** What stays the same over all runs of a watch. */
export interface WatchSession {
  readonly host: Host;
  readonly args: HowToRun & { readonly debug: boolean };
  readonly plugins: Plugins;
  readonly interrupts: Interrupts;
  /** Told of every run; closed when the watch ends. */
  readonly reporters: readonly Reporter[];
}

/** The kitchen as it was last read. */
export interface WatchedKitchen {
  readonly kitchen: Kitchen;
  readonly resolved: readonly ResolvedInstance[];
  /** By name, what they start from. */
  readonly baseInstances: ReadonlyMap<string, ResolvedInstance>;
}

/** One run over the instances that need one, with an id and logs of its own like any other run. */
export async function runRound(
  session: WatchSession,
  { kitchen, resolved, baseInstances }: WatchedKitchen,
  needs: ReadonlyMap<string, Need>,
): Promise<void> {
  const { host, args, plugins, interrupts } = session;
  const chosen = resolved.filter((one) => needs.has(one.instance.name));
  const runId = newRunId();
  const logDir = join(stateDir(kitchen), 'logs', runId);
  const configs = chosen.map((one) => one.config);
  const redact = createRedact(knownSecrets(configs, baseInstances));
  const bus = new EventBus(runId, [new LogFiles(logDir), ...session.reporters.map(withoutClose)], redact);
  const started = performance.now();
  const run = await beginRun('watch', chosen, {
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
  const again = new Map<string, Stage>(needs);
  // An instance without tests is still worth converging at each save.
  const withTests = chosen.filter(hasTests);
  const withoutTests = chosen.filter((one) => !hasTests(one));
  const summaries = [];
  for (const [verb, group] of [['verify', withTests] as const, ['setup', withoutTests] as const]) {
    const command: Command = { verb, destroyPolicy: 'never', again };
    if (group.length > 0) summaries.push(...(await runAll(run, group, command, args.concurrency)));
  }
  const durationMs = performance.now() - started;
  bus.emit({ type: 'run:end', exitCode: exitCodeOf(summaries), durationMs, instances: summaries });
  for (const { error } of await bus.close()) printError(error, host.stderr, args.debug);
}

function hasTests(one: ResolvedInstance): boolean {
  const { checks, gates, suite, allowEmpty, steps } = one;
  if (checks.length > 0 || gates.length > 0 || suite !== undefined || allowEmpty) return true;
  return steps.some((step) => hasTests(step.resolved));
}

function withoutClose(reporter: Reporter): Reporter {
  return { name: reporter.name, onEvent: (event) => reporter.onEvent(event) };
}
