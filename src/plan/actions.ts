import { type Action, STAGES, type Stage } from '../core/instance.ts';

/**
 * Stages to run to get from the last finished stage to the desired one. A stage that is already reached is run
 * again, alone. Source: Test Kitchen's FSM (`lib/kitchen/instance.rb`).
 */
export function stagesTo(last: Stage | undefined, desired: Stage): readonly Stage[] {
  const from = last === undefined ? -1 : STAGES.indexOf(last);
  const to = STAGES.indexOf(desired);
  return to <= from ? [desired] : STAGES.slice(from + 1, to + 1);
}

export type Verb = Action | 'test';

/**
 * The actions of one instance for a command. `test` starts from nothing and ends with the whole way. `again`: a stage
 * that is gone through once more although it was reached, with all that follow it.
 */
export function actionsFor(verb: Verb, last: Stage | undefined, again?: Stage): readonly Action[] {
  if (verb === 'destroy') return ['destroy'];
  if (verb === 'test') return ['destroy', ...STAGES];
  return stagesTo(again === undefined ? last : earlier(last, before(again)), verb);
}

function before(stage: Stage): Stage | undefined {
  return STAGES[STAGES.indexOf(stage) - 1];
}

function earlier(a: Stage | undefined, b: Stage | undefined): Stage | undefined {
  if (a === undefined || b === undefined) return undefined;
  return STAGES.indexOf(a) <= STAGES.indexOf(b) ? a : b;
}

export const DESTROY_POLICIES = ['passing', 'always', 'never'] as const;
/** When `test` destroys an instance at its end. */
export type DestroyPolicy = (typeof DESTROY_POLICIES)[number];

export function shouldDestroy(policy: DestroyPolicy, outcome: 'passed' | 'failed' | 'cancelled'): boolean {
  if (policy === 'always') return true;
  return policy === 'passing' && outcome === 'passed';
}
