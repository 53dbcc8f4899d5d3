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
import type { Host } from './host.ts';
import type { Interrupts } from './interrupts.ts';
import { stateStore } from './kitchen.ts';

const EXPIRES_AFTER_MS = 24 * 3600 * 1000;

export interface RunParts {
  readonly kitchen: Kitchen;
  readonly plugins: Plugins;
  readonly host: Host;
  readonly bus: EventBus;
  readonly interrupts: Interrupts;
  readonly logDir: string;
  readonly redact: Redact;
  /** Seconds. */
  readonly lockTimeout: number;
  readonly failOnFlaky?: boolean;
  /** By name, what the instances of the run start from. */
  readonly baseInstances?: ReadonlyMap<string, ResolvedInstance>;
}

/** What all instances of one run share. */
export function runContext(parts: RunParts): RunContext {
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
    lockWaitMs: parts.lockTimeout * 1000,
    env: host.env,
    redact,
    failOnFlaky: parts.failOnFlaky ?? false,
    ...(parts.baseInstances && { baseInstances: parts.baseInstances }),
    baseNames: new Set(kitchen.instances.flatMap((config) => config.from?.instance ?? [])),
  };
}

/** Says what loading and resolving the kitchen found odd, before anything is done. */
export function emitWarnings(
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
