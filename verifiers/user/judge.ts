import { existenceUnsure, judgeExists, judgeKnown } from '../../src/checks/judge-exists.ts';
import { judgeValue } from '../../src/checks/judge-value.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { didYouMean } from '../../src/core/did-you-mean.ts';
import type { AccountFacts, Known, UserFact } from '../../src/core/system-facts.ts';
import type { UserSpec } from './schema.ts';

export interface UserFacts {
  readonly accounts: AccountFacts;
  readonly via: string;
}

const PLAIN = ['uid', 'gid', 'home', 'shell', 'comment'] as const;

/** Pure. A user that is not there has no other failures. */
export function judgeUser(spec: UserSpec, { accounts, via }: UserFacts): CheckResult[] {
  const user = accounts.users.find((one) => one.name === spec.user);
  const source = `${user?.isRemote ? 'getent passwd' : '/etc/passwd'}, via ${via}`;
  const unsure = accounts.unsure.get(`passwd ${spec.user}`);
  if (user === undefined && unsure !== undefined)
    return [existenceUnsure(spec.exists, unsure, `/etc/passwd, via ${via}`)];
  const existence = judgeExists({
    wanted: spec.exists,
    found: user !== undefined,
    observed: user ? describe(user) : '',
    source: user ? source : `/etc/passwd and getent passwd, via ${via}`,
    notes: nearest(spec.user, accounts),
  });
  if (user === undefined || existence.outcome !== 'pass') return [existence];
  const results = [existence];
  for (const property of PLAIN) {
    const wanted = spec[property];
    if (wanted) results.push(judgeValue(property, user[property], wanted, { source }));
  }
  if (spec.group) {
    const name = accounts.groups.find((one) => one.gid === user.gid)?.name;
    const notes = name === undefined ? [`group number ${user.gid} has no name on the instance`] : [];
    results.push(judgeValue('group', name, spec.group, { source: `/etc/group, via ${via}`, notes }));
  }
  if (spec.groups) {
    const options = { source: `id -Gn, via ${via}` };
    results.push(judgeKnown('groups', accounts.groupsOf.get(spec.user), spec.groups, options));
  }
  results.push(...judgePassword(spec, accounts, via), ...judgeSudo(spec, accounts, via));
  if (spec.keys) results.push(judgeKeys(spec, spec.keys, accounts, via));
  return results;
}

function describe(user: UserFact): string {
  return `exists (uid ${user.uid}, gid ${user.gid}, ${user.home}, ${user.shell || 'no shell'})`;
}

function nearest(name: string, accounts: AccountFacts): string[] {
  const near = didYouMean(
    name,
    accounts.users.map((one) => one.name),
  );
  const group = accounts.groups.some((one) => one.name === name) ? [`there is a group ${name}`] : [];
  return [...(near === undefined ? [] : [`there is a user ${near}`]), ...group];
}

function judgePassword(spec: UserSpec, accounts: AccountFacts, via: string): CheckResult[] {
  const state = accounts.passwords.get(spec.user);
  const source = `/etc/shadow, via ${via}`;
  const results: CheckResult[] = [];
  if (spec.locked !== undefined) {
    const known = state && 'value' in state ? { value: state.value === 'locked' } : state;
    const notes = spec.locked
      ? [`its password is ${state && 'value' in state ? WORDS[state.value] : 'not known'}`]
      : ['passwd -u, or a user resource with a password, unlocks it'];
    const wanted = { kind: 'equal', value: spec.locked } as const;
    results.push(judgeKnown('locked', known, wanted, { source, notes }));
  }
  if (spec.password) results.push(judgeKnown('password', state, spec.password, { source }));
  return results;
}

const WORDS = { set: 'set', locked: 'locked', none: 'empty: anybody can log in as it' } as const;

function judgeSudo(spec: UserSpec, accounts: AccountFacts, via: string): CheckResult[] {
  if (spec.sudo === undefined) return [];
  const known = accounts.sudo.get(spec.user);
  const options = { source: `sudo -l -U ${spec.user}, via ${via}` };
  if (typeof spec.sudo !== 'boolean') return [judgeKnown('sudo', known, spec.sudo, options)];
  const rules: Known<readonly string[]> | undefined = known;
  // One command as root is often a way to all of them, so no sudo is no rule at all.
  const isMeant = (rule: string): boolean => spec.sudo === false || /^\(.*\) (?:\w+: )*ALL$/.test(rule);
  const may = rules && 'value' in rules ? { value: rules.value.some(isMeant) } : rules;
  const shown = rules && 'value' in rules ? rules.value : [];
  const notes = shown.length > 0 ? shown.map((rule) => `rule: ${rule}`) : ['sudo gives it no rule'];
  return [judgeKnown('sudo', may, { kind: 'equal', value: spec.sudo }, { ...options, notes })];
}

function judgeKeys(
  spec: UserSpec,
  wanted: NonNullable<UserSpec['keys']>,
  accounts: AccountFacts,
  via: string,
): CheckResult {
  const known = accounts.keys.get(spec.user);
  if (!known || !('value' in known)) return judgeKnown('keys', known, wanted, { source: `via ${via}` });
  const { lines, files } = known.value;
  const source = `${files.join(', ') || 'sshd_config: AuthorizedKeysFile none'}, via ${via}`;
  return judgeValue('keys', lines, wanted, { source });
}
