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

/** The actions of one instance for a command. `test` starts from nothing and ends with the whole way. */
export function actionsFor(verb: Verb, last: Stage | undefined): readonly Action[] {
  if (verb === 'destroy') return ['destroy'];
  if (verb === 'test') return ['destroy', ...STAGES];
  return stagesTo(last, verb);
}

export const DESTROY_POLICIES = ['passing', 'always', 'never'] as const;
/** When `test` destroys an instance at its end. */
export type DestroyPolicy = (typeof DESTROY_POLICIES)[number];

export function shouldDestroy(policy: DestroyPolicy, outcome: 'passed' | 'failed' | 'cancelled'): boolean {
  if (policy === 'always') return true;
  return policy === 'passing' && outcome === 'passed';
}
