import { GalleyError } from '../core/errors.ts';
import { type Action, STAGES, type Stage } from '../core/instance.ts';
import type { Verb } from './actions.ts';

/** One phase on the way of an instance; with a step in suites that have steps, except for create and destroy. */
export interface Leg {
  readonly action: Action;
  readonly step?: string;
}

/** How far an instance has come, as its state file has it. */
export interface Reached {
  readonly lastAction?: Stage | undefined;
  readonly step?: string | undefined;
}

export interface LegsQuestion {
  readonly verb: Verb;
  /** Named in errors. */
  readonly instance: string;
  /** Names of the suite's steps in order; empty for a suite without. */
  readonly steps: readonly string[];
  readonly reached: Reached;
  /** The step to stop at instead of the last one; one of `steps`. */
  readonly until?: string | undefined;
  /** How far `test` goes instead of to the end. */
  readonly goal?: Stage | undefined;
  /** A stage that is gone through once more although it was reached, with all that follow it in that step. */
  readonly again?: Stage | undefined;
}

type StageLeg = Leg & { readonly action: Stage };

/**
 * The phases that a command takes an instance through. Without steps the way is create → converge → setup → verify;
 * with steps everything after create is there once for each of them, in order, and a command means the last phase of
 * its kind. As in Test Kitchen everything before it that was not reached yet is run first, and a phase that was
 * reached is run again, alone. An upgrade cannot be undone, so a step that was passed is an error
 * (`state.step_passed`), and so is a state that the steps do not lead to (`state.unknown_step`).
 */
export function legsFor(question: LegsQuestion): readonly Leg[] {
  const { verb, steps, reached } = question;
  if (verb === 'destroy') return [{ action: 'destroy' }];
  const way = wayOf(steps);
  const goal = targetOf(way, verb === 'test' ? (question.goal ?? 'verify') : verb, question);
  if (verb === 'test') return [{ action: 'destroy' }, ...way.slice(0, goal + 1)];
  const from = startOf(way, positionOf(way, reached, question), question);
  if (goal > from) return way.slice(from + 1, goal + 1);
  const target = way[goal];
  if (!target) return [];
  if (steps.length > 0 && target.step !== undefined && isPassed(target.step, question))
    throw stepPassed(question);
  return [target];
}

function wayOf(steps: readonly string[]): readonly StageLeg[] {
  if (steps.length === 0) return STAGES.map((action) => ({ action }));
  const inEach = STAGES.filter((stage) => stage !== 'create');
  return [{ action: 'create' }, ...steps.flatMap((step) => inEach.map((action) => ({ action, step })))];
}

function targetOf(way: readonly StageLeg[], stage: Stage, { until }: LegsQuestion): number {
  return way.findLastIndex(
    (leg) => leg.action === stage && (until === undefined || leg.step === undefined || leg.step === until),
  );
}

function positionOf(way: readonly StageLeg[], reached: Reached, question: LegsQuestion): number {
  const { lastAction, step } = reached;
  if (lastAction === undefined) return -1;
  if (question.steps.length === 0 || lastAction === 'create')
    return way.findIndex((leg) => leg.action === lastAction);
  const found = way.findIndex((leg) => leg.action === lastAction && leg.step === step);
  if (found === -1) throw unknownStep(question);
  return found;
}

function startOf(
  way: readonly StageLeg[],
  position: number,
  { again, steps, reached }: LegsQuestion,
): number {
  if (again === undefined) return position;
  const before = way.findIndex(
    (leg) =>
      leg.action === again && (leg.step === undefined || steps.length === 0 || leg.step === reached.step),
  );
  return before === -1 ? position : Math.min(position, before - 1);
}

function isPassed(target: string, { steps, reached }: LegsQuestion): boolean {
  return steps.indexOf(reached.step ?? '') > steps.indexOf(target);
}

function stepPassed({ instance, reached, until }: LegsQuestion): GalleyError {
  return new GalleyError({
    code: 'state.step_passed',
    kind: 'usage',
    message: `${instance} is at step ${reached.step} already: step ${until} lies behind it`,
    hint: `galley destroy ${instance} first, or galley test ${instance} --step ${until}`,
  });
}

function unknownStep({ instance, reached, steps }: LegsQuestion): GalleyError {
  const where = reached.step === undefined ? 'without steps' : `at step ${reached.step}`;
  return new GalleyError({
    code: 'state.unknown_step',
    kind: 'config',
    message: `${instance} was converged ${where}, its suite now has the steps ${steps.join(', ')}`,
    hint: `galley destroy ${instance}, then start over`,
  });
}
