import { asMeant } from '../../src/checks/as-meant.ts';
import { modeDifference, octal } from '../../src/checks/file-mode.ts';
import { judgeText } from '../../src/checks/judge-text.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matchers.ts';
import { describeMatcher } from '../../src/checks/matchers.ts';
import { isSecretName } from '../../src/checks/redact.ts';
import { needsConverge, withConverge } from '../../src/checks/with-converge.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { FileFact } from '../../src/core/snapshot.ts';
import { parseFormat } from './formats.ts';
import type { FileFacts } from './observe.ts';
import { type FileSpec, FORMATS, type Format } from './schema.ts';

const SIMPLE = ['type', 'owner', 'group', 'uid', 'gid', 'size', 'target'] as const;

/** All attributes of a file that is there, in a fixed order. Pure. */
export function judgeAttributes(spec: FileSpec, file: FileFact, facts: FileFacts): CheckResult[] {
  const source = `stat, via ${facts.via}`;
  const results: CheckResult[] = [];
  for (const property of SIMPLE) {
    const wanted = spec[property];
    if (wanted)
      results.push(judgeValue(property, file[property], wanted, { source, notes: notesOn(property, file) }));
  }
  if (spec.mode) {
    const mode = file.mode === undefined ? undefined : octal(file.mode);
    results.push(judgeValue('mode', mode, spec.mode, { source, notes: modeNotes(spec.mode, file) }));
  }
  if (spec.mtime) results.push(judgeTime(spec.mtime, file, facts, source));
  for (const property of ['content', 'lines', 'sha256'] as const) {
    const wanted = spec[property];
    if (wanted) results.push(judgeContent(property, wanted, file, facts.via));
  }
  for (const format of FORMATS) {
    const wanted = spec[format];
    if (wanted) results.push(...judgeFormat(format, wanted, file, facts.via));
  }
  if (spec.acl)
    results.push(judgeValue('acl', facts.acls?.get(file.path), spec.acl, { source: 'access list' }));
  for (const user of spec.readableBy ?? []) results.push(judgeAccess('readableBy', user, file, facts));
  for (const user of spec.unreadableBy ?? []) results.push(judgeAccess('unreadableBy', user, file, facts));
  if (spec.mountedOn) results.push(judgeMount(spec.mountedOn, file, facts));
  return results;
}

/** Who may do what beyond what is wanted, or not. */
function modeNotes(wanted: Matcher, { mode, owner, uid, group, gid }: FileFact): string[] {
  const ownership = `it belongs to ${owner ?? uid}, group ${group ?? gid}`;
  if (wanted.kind !== 'equal' || mode === undefined) return [ownership];
  return [ownership, ...modeDifference(mode, Number.parseInt(String(wanted.value), 8))];
}

function notesOn(property: (typeof SIMPLE)[number], file: FileFact): string[] {
  if (property === 'owner' && file.owner === undefined)
    return [`user number ${file.uid} has no name on the instance`];
  if (property === 'group' && file.group === undefined)
    return [`group number ${file.gid} has no name on the instance`];
  if (property === 'target' && file.type !== 'symlink') return [`it is a ${file.type}, not a symbolic link`];
  return [];
}

function judgeTime(wanted: Matcher, file: FileFact, facts: FileFacts, source: string): CheckResult {
  if (needsConverge(wanted) && facts.convergedAt === undefined) {
    const why = 'nobody remembered when the last converge began: galley converge does';
    return cannotLook('mtime', describeMatcher(wanted), why, source);
  }
  const filled = withConverge(wanted, facts.convergedAt ?? 0);
  const changed = file.mtime === undefined ? [] : [`changed ${new Date(file.mtime * 1000).toISOString()}`];
  return judgeValue('mtime', file.mtime, filled, { source, notes: changed });
}

/** The text of a regular file (also behind a link), or why there is none to judge. */
function textOf(
  property: string,
  expected: string,
  file: FileFact,
  source: string,
): { readonly text: string; readonly keptOnly: string | undefined } | CheckResult {
  if (file.content !== undefined)
    return { text: file.content, keptOnly: file.truncated ? '1 MiB' : undefined };
  if (file.type === 'file') return cannotLook(property, expected, 'the content was not read', source);
  const observed = `no text: it is a ${file.type ?? 'special file'}`;
  return { property, outcome: 'fail', expected, observed, source };
}

const TOO_LONG = 'it is larger than 1 MiB and only that much was kept';

function judgeContent(
  property: 'content' | 'lines' | 'sha256',
  wanted: Matcher,
  file: FileFact,
  via: string,
): CheckResult {
  const source = `content of ${file.path}, via ${via}`;
  const expected = describeMatcher(wanted);
  const found = textOf(property, expected, file, source);
  if ('outcome' in found) return found;
  if (property === 'sha256') {
    if (file.sha256 === undefined) return cannotLook(property, expected, 'no digest could be taken', source);
    return judgeValue(property, file.sha256, wanted, { source });
  }
  const { text, keptOnly } = found;
  if (property === 'content') return judgeText(property, text, wanted, { source, keptOnly });
  if (keptOnly !== undefined) return cannotLook(property, expected, TOO_LONG, source);
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  return judgeValue(property, lines, wanted, { source });
}

function judgeFormat(
  format: Format,
  wanted: Readonly<Record<string, Matcher>>,
  file: FileFact,
  via: string,
): CheckResult[] {
  const source = `content of ${file.path}, via ${via}`;
  const name = (path: string): string => `${format} ${path}`;
  const all = Object.entries(wanted);
  const each = (result: (path: string, one: Matcher) => CheckResult): CheckResult[] =>
    all.map(([path, one]) => result(path, one));
  const first = textOf(format, '', file, source);
  if ('outcome' in first)
    return each((path, one) => ({ ...first, property: name(path), expected: describeMatcher(one) }));
  if (first.keptOnly !== undefined)
    return each((path, one) => cannotLook(name(path), describeMatcher(one), TOO_LONG, source));
  try {
    const parsed = parseFormat(first.text, format);
    return each((path, one) => {
      const value = parsed.at(path);
      const meant = parsed.isUntyped ? asMeant(value, one) : value;
      return judgeValue(name(path), meant, one, { source, secret: isSecretName(path) });
    });
  } catch (error) {
    const why = (error as Error).message.split('\n')[0] ?? '';
    return each((path, one) => ({
      property: name(path),
      outcome: 'fail',
      expected: describeMatcher(one, { secret: isSecretName(path) }),
      // A parser may quote what it stumbled over, which may be a secret: only the place is told.
      observed: `it is not ${format.toUpperCase()}${placeIn(why)}`,
      source,
    }));
  }
}

function placeIn(message: string): string {
  const found = /line\s+(\d+)(?:[,\s]+column\s+(\d+))?/i.exec(message);
  return found ? ` (line ${found[1]}${found[2] === undefined ? '' : `, column ${found[2]}`})` : '';
}

function judgeAccess(
  property: 'readableBy' | 'unreadableBy',
  user: string,
  file: FileFact,
  facts: FileFacts,
): CheckResult {
  const isWanted = property === 'readableBy';
  const source = `tried as ${user}`;
  const expected = isWanted ? `${user} can read it` : `${user} cannot read it`;
  const access = facts.access?.get(user)?.get(file.path);
  if (!access) return cannotLook(property, expected, 'it was not tried', source);
  const observed = access.isReadable ? 'read' : `not read: ${access.why}`;
  return {
    property: `${property} ${user}`,
    outcome: access.isReadable === isWanted ? 'pass' : 'fail',
    expected,
    observed,
    source,
  };
}

/** The longest mount point above the path; of equal ones the last, which lies on top. */
function judgeMount(wanted: Matcher, file: FileFact, facts: FileFacts): CheckResult {
  const source = `mounts, via ${facts.via}`;
  if (!facts.mounts)
    return cannotLook('mountedOn', describeMatcher(wanted), 'the mounts were not read', source);
  const above = facts.mounts.filter(
    ({ path }) => path === '/' || file.path === path || file.path.startsWith(`${path}/`),
  );
  const found = above.reduce(
    (best, one) => (one.path.length >= best.path.length ? one : best),
    above[0] ?? { path: '' },
  );
  const notes = file.type === 'symlink' ? ['it is a link: this is where the link itself lies'] : [];
  return judgeValue('mountedOn', found.path, wanted, { source, notes });
}
