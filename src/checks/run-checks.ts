import type { CheckDeclaration } from '../core/check.ts';
import type { CheckReport, Emit } from '../core/events.ts';
import type { Snapshot, SnapshotNeeds } from '../core/snapshot.ts';
import type { Surroundings } from '../core/surroundings.ts';
import type { Connection } from '../core/transport.ts';
import type { Probe, Verifier } from '../core/verifier.ts';
import type { Looking } from './attempt.ts';
import { type Clock, systemClock } from './clock.ts';
import { limiter } from './limiter.ts';
import type { MarksByKey } from './marks.ts';
import { runCheck, skipped } from './run-check.ts';
import { snapshotRounds } from './snapshot-rounds.ts';

export interface RunChecksOptions {
  /** Name of the instance, for events. */
  readonly instance: string;
  /** The step of a multi-step suite; every report carries it. */
  readonly step?: string;
  readonly connection: Connection;
  readonly address: Probe['address'];
  readonly signal: AbortSignal;
  readonly around?: Surroundings | undefined;
  /** What checks remembered earlier, see `takeMarks`. */
  readonly marks?: MarksByKey | undefined;
  /** Hears one `check` event per check as it finishes. */
  readonly emit?: Emit;
  /** Looks once at the instance. Sections that could not be taken are in `Snapshot.errors`. */
  takeSnapshot(needs: SnapshotNeeds): Promise<Snapshot>;
  readonly clock?: Clock;
}

/** Looks beyond the snapshot (HTTP requests) under way at a time, so that many checks do not become a load test. */
const AT_ONCE = 16;

/**
 * Runs all checks and reports them in declaration order. Checks run together and share one snapshot per round of
 * attempts, but those below a waiting check look after it; a check that may change or load the instance (`command`, anything with `repeat`) runs alone, after those
 * above it and before those below it. Throws when aborted and when the instance is lost; nothing else throws.
 */
export async function runChecks(
  declarations: readonly CheckDeclaration[],
  verifiers: ReadonlyMap<string, Verifier>,
  options: RunChecksOptions,
): Promise<CheckReport[]> {
  const clock = options.clock ?? systemClock;
  const lost = new AbortController();
  const signal = AbortSignal.any([options.signal, lost.signal]);
  const { connection, address, around } = options;
  const looking: Looking = {
    probe: { connection, address, signal, around },
    marks: options.marks ?? {},
    snapshot: snapshotRounds((needs) => options.takeSnapshot(needs), clock, signal),
    turn: limiter(AT_ONCE),
  };

  const runOne = async (declaration: CheckDeclaration): Promise<CheckReport> => {
    const looked =
      declaration.skip === undefined
        ? await runCheck(declaration, verifierOf(declaration, verifiers), looking, clock)
        : skipped(declaration, declaration.skip);
    const report = options.step === undefined ? looked : { ...looked, step: options.step };
    signal.throwIfAborted();
    options.emit?.({ type: 'check', instance: options.instance, report });
    return report;
  };

  const reports: CheckReport[] = [];
  for (const group of groups(declarations, verifiers)) {
    signal.throwIfAborted();
    try {
      reports.push(...(await untilAborted(Promise.all(group.map(runOne)), options.signal)));
    } catch (error) {
      lost.abort(error);
      throw error;
    }
  }
  return reports;
}

function verifierOf(declaration: CheckDeclaration, verifiers: ReadonlyMap<string, Verifier>): Verifier {
  const verifier = verifiers.get(declaration.type);
  if (!verifier) throw new Error(`no verifier of type ${declaration.type}`);
  return verifier;
}

/**
 * Checks that may run together, in declaration order. A list is read from top to bottom: what is declared without
 * waiting below a check that waits (`eventually`) looks only after the wait, because it may depend on it.
 */
export function groups(
  declarations: readonly CheckDeclaration[],
  verifiers: ReadonlyMap<string, Verifier>,
): readonly (readonly CheckDeclaration[])[] {
  const all: CheckDeclaration[][] = [];
  let isOpen = false;
  let isWaiting = false;
  for (const declaration of declarations) {
    const isAlone = declaration.repeat !== undefined || verifiers.get(declaration.type)?.alone === true;
    const waits = declaration.timing.mode === 'eventually';
    const last = all.at(-1);
    const joins: boolean = isOpen && !isAlone && (waits || !isWaiting);
    if (joins) last?.push(declaration);
    else all.push([declaration]);
    isWaiting = waits || (joins && isWaiting);
    isOpen = !isAlone;
  }
  return all;
}

/** Does not wait for work that is slow to notice the abort. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const settled = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: settled.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    settled.abort();
  }
}
