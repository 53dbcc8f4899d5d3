import type { ConvergeResult } from '../../src/core/provisioner.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { judgeIdempotent } from './judge.ts';
import { type IdempotentSpec, idempotentSpec } from './schema.ts';

/** Always converges anew: what an earlier run reported says nothing of the instance as it is now. */
export const idempotentVerifier: Verifier<IdempotentSpec, ConvergeResult> = {
  name: 'idempotent',
  description: 'a further converge, made by the check, that must change nothing',
  spec: idempotentSpec,
  repeatable: false,
  alone: true,
  title: () => 'idempotent',
  needs: () => ({}),
  async observe(_spec, { around }) {
    if (!around) throw new Error('there is no provisioner here to converge with');
    return around.convergeAgain();
  },
  judge: judgeIdempotent,
};
