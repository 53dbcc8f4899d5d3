import type { AccountFacts, GroupFact, Known, UserFact } from '../../../core/system-facts.ts';
import { failureOf, type Ran, type ReadFile, type SystemRows } from './rows.ts';

/** `error`: the local files of users or groups could not be read. Undefined when not asked for. Pure. */
export function accountsOf(
  rows: SystemRows,
): { readonly accounts: AccountFacts } | { readonly error: string } | undefined {
  if (!rows.has('file', '/etc/passwd')) return undefined;
  const [passwd, group] = [rows.files('/etc/passwd')[0], rows.files('/etc/group')[0]];
  const error = problemOf('/etc/passwd', passwd) ?? problemOf('/etc/group', group);
  if (error !== undefined) return { error };
  const users = linesOf(passwd?.content).flatMap((line) => userOf(line, false));
  const groups = linesOf(group?.content).flatMap(groupOf);
  const remote = [...rows.commands('passwd')].flatMap(([name, ran]) => remoteUser(name, ran, users));
  const remoteGroups = [...rows.commands('group')].flatMap(([name, ran]) =>
    groups.some((one) => one.name === name) || ran.state !== 'ran' ? [] : linesOf(ran.text).flatMap(groupOf),
  );
  const all = [...users, ...remote];
  const allGroups = [...groups, ...remoteGroups];
  return {
    accounts: {
      users: all,
      groups: allGroups,
      unsure: unsureNames(rows, users, groups),
      passwords: mapped(rows.passwords(), ({ state, error: why }, name) =>
        passwordOf(name, state, why, passwd),
      ),
      groupsOf: mapped(rows.commands('id'), (ran, name) => groupsOf(name, ran, all, allGroups)),
      sudo: mapped(rows.commands('sudo'), sudoRules),
      keys: mapped(rows.commands('keys'), keysOf),
    },
  };
}

function mapped<A, B>(from: ReadonlyMap<string, A>, to: (value: A, key: string) => B): Map<string, B> {
  return new Map([...from].map(([key, value]) => [key, to(value, key)]));
}

/** getent ends with 2 when there is no such name; anything else it ends with, or its absence, has told nothing. */
function unsureNames(
  rows: SystemRows,
  users: readonly UserFact[],
  groups: readonly GroupFact[],
): Map<string, string> {
  const config = rows.files('/etc/nsswitch.conf')[0]?.content ?? '';
  const found = new Map<string, string>();
  for (const [database, local] of [
    ['passwd', users],
    ['group', groups],
  ] as const) {
    const sources = new RegExp(`^\\s*${database}:(.*)$`, 'm').exec(config)?.[1] ?? 'files';
    const others = sources.split(/\s+/).filter((word) => /^[a-z]/.test(word) && !LOCAL.includes(word));
    for (const [name, ran] of rows.commands(database)) {
      if (
        local.some((one) => one.name === name) ||
        (ran.state === 'ran' && (ran.code === 0 || ran.code === 2))
      )
        continue;
      if (ran.state === 'missing' && others.length === 0) continue;
      const asked = ran.state === 'missing' ? ` and nsswitch.conf names ${others.join(', ')}` : '';
      found.set(`${database} ${name}`, `${failureOf(ran, 'getent')}${asked}`);
    }
  }
  return found;
}

/** Sources of nsswitch.conf(5) that are in the files, or hold nobody else. */
const LOCAL = ['files', 'compat', 'db', 'systemd', 'altfiles', 'extrausers'];

function problemOf(path: string, file: ReadFile | undefined): string | undefined {
  if (file?.content !== undefined) return file.isCut ? `${path} is larger than 256 KiB` : undefined;
  return `${path}: ${file?.error ?? 'does not exist'}`;
}

function linesOf(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter((line) => line.includes(':'));
}

/** passwd(5) */
function userOf(line: string, isRemote: boolean): UserFact[] {
  const [name = '', , uid, gid, comment = '', home = '', shell = ''] = line.split(':');
  // `+` and `-` lines of NIS name nobody.
  if (!/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '') || /^[+-]/.test(name)) return [];
  return [
    {
      name,
      found: true,
      uid: Number(uid),
      gid: Number(gid),
      comment,
      home,
      shell,
      ...(isRemote && { isRemote }),
    },
  ];
}

/** group(5) */
function groupOf(line: string): GroupFact[] {
  const [name = '', , gid, members = ''] = line.split(':');
  if (!/^\d+$/.test(gid ?? '') || /^[+-]/.test(name)) return [];
  return [{ name, found: true, gid: Number(gid), members: members.split(',').filter(Boolean) }];
}

function remoteUser(name: string, ran: Ran, local: readonly UserFact[]): UserFact[] {
  if (local.some((one) => one.name === name) || ran.state !== 'ran') return [];
  return linesOf(ran.text).flatMap((line) => userOf(line, true));
}

function passwordOf(
  name: string,
  state: string,
  error: string | undefined,
  passwd: ReadFile | undefined,
): Known<'set' | 'locked' | 'none'> {
  if (error !== undefined) return { error };
  if (state === 'set' || state === 'locked' || state === 'none') return { value: state };
  // Without an entry in /etc/shadow the field of /etc/passwd counts; `x` there points to an entry that is missing.
  const field = linesOf(passwd?.content)
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':')[1];
  if (field === '') return { value: 'none' };
  if (field !== undefined && /^[!*]/.test(field)) return { value: 'locked' };
  return { error: `${name} has no entry in /etc/shadow` };
}

function groupsOf(
  name: string,
  ran: Ran,
  users: readonly UserFact[],
  groups: readonly GroupFact[],
): Known<readonly string[]> {
  if (ran.state === 'ran' && ran.code === 0) return { value: ran.text.trim().split(/\s+/) };
  const user = users.find((one) => one.name === name);
  if (ran.state !== 'missing' || user === undefined || user.isRemote)
    return { error: failureOf(ran, 'id') ?? `id does not know ${name}` };
  const own = groups.filter((one) => one.gid === user.gid || one.members?.includes(name));
  return { value: own.map((one) => one.name) };
}

/** What `sudo -l -U NAME` lists below "may run the following commands". */
function sudoRules(ran: Ran): Known<readonly string[]> {
  if (ran.state === 'missing') return { value: [] };
  if (ran.state === 'ran' && /is not allowed to run sudo on/.test(ran.text)) return { value: [] };
  const why = failureOf(ran, 'sudo -l');
  if (why !== undefined) return { error: why };
  const at = ran.text.search(/may run the following commands on/);
  if (at < 0) return { error: `sudo -l said: ${ran.text.trim().slice(0, 200)}` };
  const rules = ran.text
    .slice(at)
    .split('\n')
    .slice(1)
    .filter((line) => /^\s+\S/.test(line));
  return { value: rules.map((line) => line.trim().replace(/\s+/g, ' ')) };
}

/** Lines of keys, without comments. */
function keysOf(ran: Ran): Known<{ readonly lines: readonly string[]; readonly files: readonly string[] }> {
  if (ran.code === 3) return { error: 'the user has no home directory' };
  const why = failureOf(ran, 'reading the authorized keys');
  if (why !== undefined) return { error: why };
  const files: string[] = [];
  const lines: string[] = [];
  for (const line of ran.text.split('\n')) {
    const place = /^(?:file|absent) (\/.*)$/.exec(line);
    if (place) files.push(line.startsWith('absent') ? `${place[1]} (absent)` : (place[1] ?? ''));
    else if (line.trim() !== '' && !line.startsWith('#')) lines.push(line.trim());
  }
  return { value: { lines, files } };
}
