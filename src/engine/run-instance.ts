import type { ErrorRecord } from '../core/errors.ts';
import type { InstanceOutcome, InstanceSummary, PhaseSummary } from '../core/events.ts';
import type { Action, Stage } from '../core/instance.ts';
import { slowestResources } from '../core/slowest-resources.ts';
import { type DestroyPolicy, shouldDestroy, type Verb } from '../plan/actions.ts';
import { hasHooks } from '../plan/hooks.ts';
import { type Leg, legsFor } from '../plan/legs.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { converge } from './converge.ts';
import { create } from './create.ts';
import { destroy } from './destroy.ts';
import { forgetSnapshots } from './forget-snapshots.ts';
import { withHooks } from './hooks.ts';
import type { InstanceRun } from './instance-run.ts';
import { lock, open } from './open-run.ts';
import { prepare, prepareSuite } from './prepare.ts';
import { reconcile } from './reconcile.ts';
import { recordOf } from './record-of.ts';
import type { RunContext } from './run-context.ts';
import { verify } from './verify.ts';

export interface Command {
  readonly verb: Verb;
  readonly destroyPolicy: DestroyPolicy;
  /** The first failure cancels the other instances. */
  readonly failFast?: boolean;
  /** Instances that go through a stage once more although they have reached it. */
  readonly again?: ReadonlyMap<string, Stage>;
  /** The step to stop at, in suites that have it. */
  readonly until?: string | undefined;
  /** How far `test` goes instead of to the end. */
  readonly goal?: Stage;
  /** Called after the last converge of a machine that was made for this command, before anything else is done to it. */
  readonly onConverged?: (one: InstanceRun) => Promise<void>;
}

const WORK: { readonly [action in Action]: (one: InstanceRun) => Promise<void> } = {
  create,
  converge,
  // The peer's setup phase installs test runners; our checks need none. It stays a stage for hooks and for state.
  setup: async () => {},
  verify,
  destroy,
};

/** Takes one instance through a command. Never throws: whatever happens to it is in the summary. */
export function runInstance(
  run: RunContext,
  resolved: ResolvedInstance,
  command: Command,
): Promise<InstanceSummary> {
  return runUnder(() => lock(run, resolved.instance.name, command.verb), run, resolved, command);
}

/** The same for a caller that holds the instance's lock. */
export function runLocked(
  run: RunContext,
  resolved: ResolvedInstance,
  command: Command,
): Promise<InstanceSummary> {
  return runUnder(async () => undefined, run, resolved, command);
}

async function runUnder(
  takeLock: () => Promise<AsyncDisposable | undefined>,
  run: RunContext,
  resolved: ResolvedInstance,
  command: Command,
): Promise<InstanceSummary> {
  const { name } = resolved.instance;
  const phases: PhaseSummary[] = [];
  let one: InstanceRun | undefined;
  let error: ErrorRecord | undefined;
  try {
    await using _lock = await takeLock();
    await using opened = await open(run, resolved);
    one = opened;
    error = await runCommand(one, command, phases);
  } catch (thrown) {
    error = recordOf(run.signal, thrown);
    if (outcomeOf(error) === 'failed') run.onFailure?.(name);
  }
  const summary: InstanceSummary = {
    instance: name,
    outcome: outcomeOf(error),
    ...stepOf(phases),
    phases,
    ...(one && one.total > 0 && { resources: { total: one.total, updated: one.updated } }),
    ...(one && one.checks.length > 0 && { checks: one.countChecks(), ...one.countFlaky() }),
    slowest: slowest(one),
    ...(error && { error }),
    ...(command.verb === 'test' && one?.hasMachine() && { kept: true }),
  };
  run.emit({ type: 'instance:end', instance: name, summary });
  return summary;
}

async function runCommand(
  one: InstanceRun,
  command: Command,
  phases: PhaseSummary[],
): Promise<ErrorRecord | undefined> {
  const { run, resolved, record } = one;
  const { name } = resolved.instance;
  const fresh = command.verb === 'test' || command.verb === 'destroy';
  run.signal.throwIfAborted();
  if (!fresh) await reconcile(one);
  const legs = legsFor({
    verb: command.verb,
    instance: name,
    steps: resolved.steps.map((step) => step.name),
    reached: record.state,
    until: command.until,
    goal: command.goal,
    again: command.again?.get(name),
  });
  const actions = legs.map((leg) => leg.action);
  const isFresh = actions.includes('create');
  const steps = [...new Set(legs.flatMap((leg) => leg.step ?? []))];
  run.emit({ type: 'instance:start', instance: name, actions, ...(steps.length > 0 && { steps }) });
  // Local work that can fail must fail before anything is made.
  for (const reached of worksOf(resolved, legs, 'converge')) await prepare(run, reached);
  for (const reached of worksOf(resolved, legs, 'verify')) await prepareSuite(run, reached);
  let error: ErrorRecord | undefined;
  for (const leg of legs) {
    one.enter(leg.step);
    if (hasNothingToDo(one, leg)) {
      await record.succeed(leg.action as Stage, leg.step);
      continue;
    }
    // Nothing is known of: what its labels might lead to is removed without a word about a phase.
    const isIdle = leg.action === 'destroy' && !record.exists && !hasHooks(resolved.hooks, leg.action);
    if (isIdle && command.verb === 'test') {
      await destroy(one);
      continue;
    }
    // What `test` clears away at its start is not the time its end took.
    const isClearing = leg.action === 'destroy' && command.verb === 'test';
    if (leg.action === 'destroy' && command.verb === 'destroy') {
      error = await runPhase(one, leg, phases, async () => {
        await destroy(one);
        await forgetSnapshots(run, resolved);
      });
    } else error = await runPhase(one, leg, isClearing ? [] : phases);
    if (!error && isFresh && isLastConverge(leg, resolved)) error = await afterConverge(one, command);
    if (error) break;
  }
  if (outcomeOf(error) === 'failed') run.onFailure?.(name);
  if (error && costsInVain(one, command)) {
    const left = await runPhase(one, { action: 'destroy' }, phases);
    // `list` and `--failed` go on telling what became of it.
    if (!left) await record.fail(run.redact(error));
    return error;
  }
  if (command.verb !== 'test' || !shouldDestroy(command.destroyPolicy, outcomeOf(error))) return error;
  one.enter(undefined);
  const cleanup = await runPhase(one, { action: 'destroy' }, phases);
  return error ?? cleanup;
}

/** The next command would make it anew. Who writes `--destroy=never` wants to look at it. */
function costsInVain({ isUnusable, resolved }: InstanceRun, { verb, destroyPolicy }: Command): boolean {
  if (!isUnusable || !resolved.driver.isPaid) return false;
  return verb !== 'test' || destroyPolicy !== 'never';
}

/** What is converged or verified on the way: the instance, or those of its steps. */
function worksOf(
  resolved: ResolvedInstance,
  legs: readonly Leg[],
  action: 'converge' | 'verify',
): readonly ResolvedInstance[] {
  const reached = legs.filter((leg) => leg.action === action);
  if (reached.length > 0 && resolved.steps.length === 0) return [resolved];
  return resolved.steps.flatMap((step) =>
    reached.some((leg) => leg.step === step.name) ? [step.resolved] : [],
  );
}

async function afterConverge(one: InstanceRun, { onConverged }: Command): Promise<ErrorRecord | undefined> {
  try {
    await onConverged?.(one);
    return undefined;
  } catch (thrown) {
    return recordOf(one.run.signal, thrown);
  }
}

function isLastConverge({ action, step }: Leg, { steps }: ResolvedInstance): boolean {
  return action === 'converge' && step === steps.at(-1)?.name;
}

/** A setup without hooks, and the verify of a step that has no checks and no tests. */
function hasNothingToDo({ resolved }: InstanceRun, { action, step }: Leg): boolean {
  if (hasHooks(resolved.hooks, action)) return false;
  if (action === 'setup') return true;
  return action === 'verify' && step !== undefined && resolved.checks.length === 0 && !resolved.suite;
}

async function runPhase(
  one: InstanceRun,
  { action, step }: Leg,
  phases: PhaseSummary[],
  work: () => Promise<void> = () => WORK[action](one),
): Promise<ErrorRecord | undefined> {
  const { run, record, resolved } = one;
  const { name } = resolved.instance;
  const started = performance.now();
  const at = step === undefined ? {} : { step };
  run.emit({ type: 'phase:start', instance: name, action, ...at });
  let error: ErrorRecord | undefined;
  try {
    if (action === 'destroy') {
      run.hardSignal.throwIfAborted();
      if (record.exists) await record.begin(action);
      await withHooks(one, action, work);
    } else {
      run.signal.throwIfAborted();
      await record.begin(action, step);
      await withHooks(one, action, work);
      await record.succeed(action, step);
    }
  } catch (thrown) {
    error = inStep(recordOf(action === 'destroy' ? run.hardSignal : run.signal, thrown), step);
    await keepError(one, error);
  }
  const durationMs = performance.now() - started;
  const outcome = outcomeOf(error);
  phases.push({ action, ...at, durationMs, outcome });
  run.emit({
    type: 'phase:end',
    instance: name,
    action,
    ...at,
    durationMs,
    outcome,
    ...(error && { error }),
  });
  return error;
}

/** Whoever reads the message alone knows at which step it went wrong. */
function inStep(error: ErrorRecord, step: string | undefined): ErrorRecord {
  if (step === undefined || error.kind === 'cancelled') return error;
  return { ...error, message: `step ${step}: ${error.message}` };
}

/** The step that an instance ended at. */
function stepOf(phases: readonly PhaseSummary[]): { readonly step?: string } {
  const step = phases.findLast((phase) => phase.step !== undefined)?.step;
  return step === undefined ? {} : { step };
}

/** A state that cannot be written (full disk) must not hide the error that is being recorded. */
async function keepError(one: InstanceRun, error: ErrorRecord): Promise<void> {
  try {
    if (one.record.exists) await one.record.fail(one.run.redact(error));
  } catch (thrown) {
    const message = `its state could not be written: ${(thrown as Error).message}`;
    one.run.emit({ type: 'notice', instance: one.resolved.instance.name, level: 'warning', message });
  }
}

function outcomeOf(error: ErrorRecord | undefined): InstanceOutcome {
  if (!error) return 'passed';
  return error.kind === 'cancelled' ? 'cancelled' : 'failed';
}

function slowest(one: InstanceRun | undefined): InstanceSummary['slowest'] {
  return slowestResources(one?.resources ?? [], 3);
}
