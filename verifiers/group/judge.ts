import { existenceUnsure, judgeExists } from '../../src/checks/judge-exists.ts';
import { judgeValue } from '../../src/checks/judge-value.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { didYouMean } from '../../src/core/did-you-mean.ts';
import type { AccountFacts } from '../../src/core/system-facts.ts';
import type { GroupSpec } from './schema.ts';

export interface GroupFacts {
  readonly accounts: AccountFacts;
  readonly via: string;
}

/** Pure. A group that is not there has no other failures. */
export function judgeGroup(spec: GroupSpec, { accounts, via }: GroupFacts): CheckResult[] {
  const group = accounts.groups.find((one) => one.name === spec.group);
  const source = `/etc/group and getent group, via ${via}`;
  const near = didYouMean(
    spec.group,
    accounts.groups.map((one) => one.name),
  );
  const primary = accounts.users.filter((one) => one.gid === group?.gid).map((one) => one.name);
  const members = [...new Set([...(group?.members ?? []), ...primary])];
  const unsure = accounts.unsure.get(`group ${spec.group}`);
  if (group === undefined && unsure !== undefined)
    return [existenceUnsure(spec.exists, unsure, `/etc/group, via ${via}`)];
  const existence = judgeExists({
    wanted: spec.exists,
    found: group !== undefined,
    observed: `exists (gid ${group?.gid}, ${members.length === 0 ? 'no members' : members.join(', ')})`,
    source,
    notes: near === undefined ? [] : [`there is a group ${near}`],
  });
  if (group === undefined || existence.outcome !== 'pass') return [existence];
  const results = [existence];
  if (spec.gid) results.push(judgeValue('gid', group.gid, spec.gid, { source }));
  if (spec.members) results.push(judgeValue('members', members, spec.members, { source }));
  return results;
}
