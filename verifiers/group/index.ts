import type { Verifier } from '../../src/core/verifier.ts';
import { type GroupFacts, judgeGroup } from './judge.ts';
import { type GroupSpec, groupSpec } from './schema.ts';

export const groupVerifier: Verifier<GroupSpec, GroupFacts> = {
  name: 'group',
  description: 'a group: number and members',
  spec: groupSpec,
  repeatable: false,
  title: (spec) => `group ${spec.group}${spec.exists === false ? ' does not exist' : ''}`,
  needs: (spec) => ({ groups: [spec.group] }),
  async observe(_spec, { snapshot }) {
    const { accounts, via } = snapshot;
    if (!accounts) throw new Error('the accounts were not read');
    return { accounts, via };
  },
  judge: judgeGroup,
};
