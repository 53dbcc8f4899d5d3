import { octal } from '../../src/checks/file-mode.ts';
import { judgeText } from '../../src/checks/judge-text.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matchers.ts';
import { describeMatcher } from '../../src/checks/matchers.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { FileFact } from '../../src/core/snapshot.ts';
import type { FileFacts } from './observe.ts';
import type { FileSpec } from './schema.ts';

const SIMPLE = ['type', 'owner', 'group', 'uid', 'gid', 'size', 'target'] as const;

/** Existence gates the rest: an absent file does not also have a wrong mode. */
export function judgeFile(spec: FileSpec, facts: FileFacts): CheckResult[] {
  const { file } = facts;
  const source = `stat, via ${facts.via}`;
  const existence = judgeExistence(spec, file, source);
  if (existence.outcome !== 'pass' || !file.exists) return [existence];
  const results = [existence];
  for (const property of SIMPLE) {
    const wanted = spec[property];
    if (wanted)
      results.push(judgeValue(property, file[property], wanted, { source, notes: notesOn(property, file) }));
  }
  if (spec.mode) {
    const mode = file.mode === undefined ? undefined : octal(file.mode);
    results.push(judgeValue('mode', mode, spec.mode, { source }));
  }
  for (const property of ['content', 'lines', 'sha256'] as const) {
    const wanted = spec[property];
    if (wanted) results.push(judgeContent(property, wanted, file, facts.via));
  }
  return results;
}

function judgeExistence(spec: FileSpec, file: FileFact, source: string): CheckResult {
  const isWanted = spec.exists ?? true;
  return {
    property: 'exists',
    outcome: file.exists === isWanted ? 'pass' : 'fail',
    expected: isWanted ? 'exists' : 'does not exist',
    observed: file.exists ? `exists (${describeFile(file)})` : 'does not exist',
    source,
  };
}

function judgeContent(
  property: 'content' | 'lines' | 'sha256',
  wanted: Matcher,
  file: FileFact,
  via: string,
): CheckResult {
  const source = `content of ${file.path}, via ${via}`;
  const expected = describeMatcher(wanted);
  if (file.type !== 'file') {
    return {
      property,
      outcome: 'fail',
      expected,
      observed: `no text: it is a ${file.type ?? 'special file'}`,
      source,
    };
  }
  if (property === 'sha256') {
    if (file.sha256 === undefined) return cannotLook(property, expected, 'no digest could be taken', source);
    return judgeValue(property, file.sha256, wanted, { source });
  }
  if (file.content === undefined) return cannotLook(property, expected, 'the content was not read', source);
  const keptOnly = file.truncated ? '1 MiB' : undefined;
  if (property === 'content') return judgeText(property, file.content, wanted, { source, keptOnly });
  if (keptOnly !== undefined) {
    return cannotLook(
      property,
      expected,
      `it is larger than ${keptOnly} and only that much was kept`,
      source,
    );
  }
  return judgeValue(property, file.content.replace(/\n$/, '').split('\n'), wanted, { source });
}

function describeFile(file: FileFact): string {
  const parts = [
    file.type,
    file.mode === undefined ? undefined : octal(file.mode),
    file.owner,
    `${file.size} bytes`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function notesOn(property: (typeof SIMPLE)[number], file: FileFact): string[] {
  if (property === 'owner' && file.owner === undefined)
    return [`user number ${file.uid} has no name on the instance`];
  if (property === 'group' && file.group === undefined)
    return [`group number ${file.gid} has no name on the instance`];
  if (property === 'target' && file.type !== 'symlink') return [`it is a ${file.type}, not a symbolic link`];
  return [];
}
