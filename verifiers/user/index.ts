import type { Verifier } from '../../src/core/verifier.ts';
import { judgeUser, type UserFacts } from './judge.ts';
import { type UserSpec, userSpec } from './schema.ts';

export const userVerifier: Verifier<UserSpec, UserFacts> = {
  name: 'user',
  description: 'a user: numbers, groups, home, shell, password state, sudo rules, authorized keys',
  spec: userSpec,
  repeatable: false,
  title: (spec) => `user ${spec.user}${spec.exists === false ? ' does not exist' : ''}`,
  needs: (spec) => ({
    users: [
      {
        name: spec.user,
        groups: spec.groups !== undefined,
        sudo: spec.sudo !== undefined,
        keys: spec.keys !== undefined,
      },
    ],
  }),
  async observe(_spec, { snapshot }) {
    const { accounts, via } = snapshot;
    if (!accounts) throw new Error('the accounts were not read');
    return { accounts, via };
  },
  judge: judgeUser,
};
