import type { CheckDeclaration, CheckOutcome, Condition } from '../core/check.ts';
import type { CheckReport, Emit } from '../core/events.ts';
import { limiter } from '../core/limiter.ts';
import type { Snapshot, SnapshotNeeds } from '../core/snapshot.ts';
import type { Surroundings } from '../core/surroundings.ts';
import type { Connection } from '../core/transport.ts';
import { unlessAborted } from '../core/unless-aborted.ts';
import type { Probe, Verifier } from '../core/verifier.ts';
import { isInstanceGone, type Looking, lookingFailed } from './attempt.ts';
import { type Clock, systemClock } from './clock.ts';
import { unmetCondition } from './condition.ts';
import { inOrder, unmetDependency } from './depends.ts';
import { withEvidence } from './evidence.ts';
import { groups } from './groups.ts';
import { inTurn } from './in-turn.ts';
import type { MarksByKey } from './marks.ts';
import { withNextStep } from './next-step.ts';
import { reportOf, skipped } from './report-of.ts';
import { runCheck } from './run-check.ts';
import { snapshotRounds } from './snapshot-rounds.ts';
import { dayOf, waived } from './waive.ts';

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
  /** Hears one `check` event per check, in order: as soon as it and those before it have finished. */
  readonly emit?: Emit;
  /** Looks once at the instance. Sections that could not be taken are in `Snapshot.errors`. */
  takeSnapshot(needs: SnapshotNeeds): Promise<Snapshot>;
  /** Throws what `isInstanceGone` knows when the instance is no more; asked while a check waits. */
  readonly assertAlive?: () => Promise<void>;
  readonly clock?: Clock;
  /** The checks are those waited for, which cannot be chosen on the command line. */
  readonly areGates?: boolean;
  /** Calendar day that waivers are compared with, YYYY-MM-DD; default: today, UTC. */
  readonly today?: string;
}

/** Looks beyond the snapshot (HTTP requests) under way at a time, so that many checks do not become a load test. */
const AT_ONCE = 16;
/** How often a waiting check asks whether the instance still lives. */
const ALIVE_MS = 1000;

/**
 * Runs all checks and reports them in declaration order. Checks run together and share one snapshot per round of
 * attempts, but those below a waiting check look after it, and dependents after those they depend on; a check that
 * may change or load the instance (`command`, anything with `repeat`) runs alone, after those above it and before
 * those below it. Throws when aborted and when the instance is lost; nothing else throws.
 */
export async function runChecks(
  declarations: readonly CheckDeclaration[],
  verifiers: ReadonlyMap<string, Verifier>,
  options: RunChecksOptions,
): Promise<CheckReport[]> {
  const clock = options.clock ?? systemClock;
  const today = options.today ?? dayOf(new Date());
  const lost = new AbortController();
  const signal = AbortSignal.any([options.signal, lost.signal]);
  const { connection, address, around } = options;
  const looking: Looking = {
    probe: { connection, address, signal, around },
    marks: options.marks ?? {},
    snapshot: snapshotRounds((needs) => options.takeSnapshot(needs), clock, signal),
    turn: limiter(AT_ONCE),
    ...(options.assertAlive && { assertAlive: nowAndThen(options.assertAlive, clock) }),
  };

  const outcomes = new Map<string, Promise<CheckOutcome>>();
  const look = async (declaration: CheckDeclaration): Promise<CheckReport> => {
    if (declaration.skip !== undefined) return skipped(declaration, declaration.skip);
    const { depends = [], condition } = declaration;
    const became = new Map<string, CheckOutcome | undefined>();
    for (const id of depends) became.set(id, await outcomes.get(id));
    const unmet = unmetDependency(depends, (id) => became.get(id));
    if (unmet !== undefined) return skipped(declaration, unmet);
    if (condition) {
      const why = await ask(declaration, condition, looking);
      if (why !== undefined) return why;
    }
    const report = await runCheck(declaration, verifierOf(declaration, verifiers), looking, clock);
    return withEvidence(waived(report, today), declaration, connection, signal);
  };
  const runOne = async (declaration: CheckDeclaration): Promise<CheckReport> => {
    const told = withNextStep(await look(declaration), options);
    const found = options.step === undefined ? told : { ...told, step: options.step };
    signal.throwIfAborted();
    return found;
  };

  const reports = new Map<CheckDeclaration, CheckReport>();
  for (const group of groups(inOrder(declarations), verifiers)) {
    signal.throwIfAborted();
    const turns = inTurn<CheckDeclaration, CheckReport>(group, (report) =>
      options.emit?.({ type: 'check', instance: options.instance, report }),
    );
    const running = group.map((declaration) => {
      const run = runOne(declaration);
      const outcome = run.then((report) => report.outcome);
      // Whoever does not depend on it must not be the one to hear that it failed.
      outcome.catch(() => undefined);
      outcomes.set(declaration.id, outcome);
      return run.then((report) => {
        reports.set(declaration, report);
        turns.done(declaration, report);
      });
    });
    try {
      await unlessAborted(Promise.all(running), options.signal);
    } catch (error) {
      lost.abort(error);
      turns.flush();
      throw error;
    }
  }
  return declarations.flatMap((declaration) => reports.get(declaration) ?? []);
}

/** The report of a check whose condition does not hold or cannot be asked; undefined when it is to be looked at. */
async function ask(
  declaration: CheckDeclaration,
  condition: Condition,
  { probe: { connection, signal } }: Looking,
): Promise<CheckReport | undefined> {
  try {
    const why = await unmetCondition(condition, connection, signal);
    return why === undefined ? undefined : skipped(declaration, why);
  } catch (error) {
    if (signal.aborted || isInstanceGone(error)) throw error;
    const ended = { outcome: 'error', results: [lookingFailed(declaration.title, error)] } as const;
    return reportOf(declaration, ended, { attempts: 0, firstFailure: undefined }, 0);
  }
}

/** Asked by many checks at once, it is done at most once in a while. */
function nowAndThen(work: () => Promise<void>, clock: Clock): () => Promise<void> {
  let last: { readonly at: number; readonly done: Promise<void> } | undefined;
  return () => {
    if (!last || clock.now() - last.at >= ALIVE_MS) last = { at: clock.now(), done: work() };
    return last.done;
  };
}

function verifierOf(declaration: CheckDeclaration, verifiers: ReadonlyMap<string, Verifier>): Verifier {
  const verifier = verifiers.get(declaration.type);
  if (!verifier) throw new Error(`no verifier of type ${declaration.type}`);
  return verifier;
}
