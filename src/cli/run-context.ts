import { dirname } from 'node:path';
import type { GalleyEvent } from '../core/events.ts';
import type { Kitchen } from '../core/kitchen.ts';
import type { Redact } from '../core/redactor.ts';
import type { EventBus } from '../engine/event-bus.ts';
import { createOnce } from '../engine/once.ts';
import type { RunContext } from '../engine/run-context.ts';
import type { Plugins } from '../plan/plugins.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { distinctNotes, type SettingNote } from '../plan/setting-notes.ts';
import { formatLocation } from '../reporters/format/error.ts';
import { removeStaleRuns } from '../reporters/log-retention.ts';
import type { Host } from './host.ts';
import type { Interrupts } from './interrupts.ts';
import { stateStore } from './kitchen.ts';
import type { HowToRun } from './run-options.ts';

const EXPIRES_AFTER_MS = 24 * 3600 * 1000;

export interface RunParts {
  readonly kitchen: Kitchen;
  readonly plugins: Plugins;
  readonly host: Host;
  readonly bus: EventBus;
  readonly interrupts: Interrupts;
  readonly logDir: string;
  readonly redact: Redact;
  readonly args: HowToRun & { readonly failOnFlaky?: boolean | undefined };
  /** By name, what the instances of the run start from. */
  readonly baseInstances?: ReadonlyMap<string, ResolvedInstance>;
}

/**
 * Begins a run: removes the logs of old ones, tells that it begins and what loading and resolving the kitchen found odd,
 * and gives what all its instances share.
 */
export async function beginRun(
  command: string,
  resolved: readonly ResolvedInstance[],
  parts: RunParts,
): Promise<RunContext> {
  const { kitchen, bus, logDir, args } = parts;
  await removeStaleRuns(dirname(logDir), args.keepLogs ?? kitchen.keepLogs);
  const instances = resolved.map((one) => one.instance.name);
  bus.emit({ type: 'run:start', command, instances, concurrency: args.concurrency, logDir });
  emitWarnings(bus, kitchen, resolved);
  return runContext(parts);
}

/** What all instances of one run share. */
function runContext(parts: RunParts): RunContext {
  const { kitchen, plugins, host, bus, interrupts, logDir, redact } = parts;
  return {
    root: kitchen.root,
    ownership: {
      project: kitchen.project,
      runId: bus.runId,
      owner: host.owner,
      expires: new Date(Date.now() + EXPIRES_AFTER_MS).toISOString(),
    },
    plugins,
    store: stateStore(kitchen),
    logDir,
    emit: bus.emit,
    signal: interrupts.signal,
    hardSignal: interrupts.hardSignal,
    once: createOnce(),
    lockWaitMs: parts.args.lockTimeout * 1000,
    env: host.env,
    redact,
    failOnFlaky: parts.args.failOnFlaky ?? false,
    ...(parts.baseInstances && { baseInstances: parts.baseInstances }),
    baseNames: new Set(kitchen.instances.flatMap((config) => config.from?.instance ?? [])),
  };
}

function emitWarnings(
  bus: EventBus,
  kitchen: Kitchen,
  resolved: readonly { readonly notes: readonly SettingNote[] }[],
): void {
  const warnings = kitchen.warnings.map((warning) => ({ level: 'warning' as const, ...warning }));
  for (const { level, message, location } of [
    ...warnings,
    ...distinctNotes(resolved.flatMap((one) => one.notes)),
  ]) {
    const place = location ? ` (${formatLocation(location)})` : '';
    bus.emit({ type: 'notice', level, message: `${message}${place}` });
  }
}

export function interruptNotice(count: number): GalleyEvent {
  const message =
    count === 1
      ? 'cancelling: cleaning up as asked; interrupt again to leave at once'
      : 'leaving without cleanup: galley destroy removes what is left';
  return { type: 'notice', level: 'warning', message };
}
