import { octal } from '../../src/checks/file-mode.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import type { CheckOutcome, CheckResult } from '../../src/core/check.ts';
import type { FileFact } from '../../src/core/snapshot.ts';
import { judgeAttributes } from './judge-attributes.ts';
import type { FileFacts } from './observe.ts';
import { type FileSpec, isPattern } from './schema.ts';

/** Existence gates the rest: an absent file does not also have a wrong mode. Pure. */
export function judgeFile(spec: FileSpec, facts: FileFacts): CheckResult[] {
  if (isPattern(spec)) return judgePattern(spec, facts);
  const [file] = facts.files;
  if (!file) return [cannotLook('exists', spec.file, 'it was not looked at', facts.via)];
  const existence = judgeExistence(spec, file, `stat, via ${facts.via}`);
  if (existence.outcome !== 'pass' || !file.exists) return [existence];
  return [existence, ...judgeAttributes(spec, file, facts)];
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

function describeFile(file: FileFact): string {
  const parts = [
    file.type,
    file.mode === undefined ? undefined : octal(file.mode),
    file.owner,
    `${file.size} bytes`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

const SHOWN = 5;

function judgePattern(spec: FileSpec, facts: FileFacts): CheckResult[] {
  const { files } = facts;
  const source = `files that match, via ${facts.via}`;
  const shown = files.slice(0, SHOWN).map(({ path }) => path);
  const more = files.length > SHOWN ? ` and ${files.length - SHOWN} more` : '';
  const observed = files.length === 0 ? 'nothing matches' : `${shown.join(', ')}${more}`;
  const counted = spec.count && judgeCount(spec.count, facts, source, observed);
  // Attributes of nothing are no pass: something must match where there are some.
  if (spec.exists === undefined && counted && files.length === 0 && !asksForMore(spec)) return [counted];
  const isWanted = spec.exists ?? true;
  const existence: CheckResult = {
    property: 'exists',
    outcome: files.length > 0 === isWanted ? 'pass' : 'fail',
    expected: isWanted ? 'something matches' : 'nothing matches',
    observed,
    source,
  };
  const results = counted ? [existence, counted] : [existence];
  if (existence.outcome !== 'pass' || files.length === 0) return results;
  const judged = files.map((file) => ({ file, results: judgeAttributes(spec, file, facts) }));
  const properties = judged[0]?.results ?? [];
  return [
    ...results,
    ...properties.map((_, at) =>
      joined(
        judged.flatMap(({ file, results: all }) => (all[at] ? [{ file, result: all[at] }] : [])),
        spec.holdsFor ?? 'each',
        facts,
      ),
    ),
  ];
}

function judgeCount(wanted: Matcher, facts: FileFacts, source: string, observed: string): CheckResult {
  if (facts.isCut)
    return cannotLook('count', describeMatcher(wanted), 'more files match than were read', source);
  return judgeValue('count', facts.files.length, wanted, { source, notes: [observed] });
}

function asksForMore(spec: FileSpec): boolean {
  const own = ['file', 'exists', 'count', 'holdsFor'];
  return Object.entries(spec).some(([key, value]) => value !== undefined && !own.includes(key));
}

interface OfFile {
  readonly file: FileFact;
  readonly result: CheckResult;
}

/** One attribute of all files as one result. */
function joined(all: readonly OfFile[], holdsFor: 'each' | 'any' | 'none', facts: FileFacts): CheckResult {
  const of = (outcome: CheckOutcome): OfFile[] => all.filter(({ result }) => result.outcome === outcome);
  const [passed, failed, unknown] = [of('pass'), of('fail'), of('error')];
  const wrong = holdsFor === 'none' ? passed : holdsFor === 'each' ? failed : passed.length > 0 ? [] : failed;
  const isUnknown = holdsFor === 'any' ? passed.length === 0 && unknown.length > 0 : unknown.length > 0;
  const outcome =
    wrong.length > 0 && holdsFor !== 'any'
      ? 'fail'
      : isUnknown
        ? 'error'
        : wrong.length > 0
          ? 'fail'
          : 'pass';
  const told = outcome === 'error' ? unknown : wrong.length > 0 ? wrong : passed.length > 0 ? passed : failed;
  const shown = told.slice(0, SHOWN).map(({ file, result }) => `${file.path}: ${result.observed}`);
  const { property = '', expected = '' } = all[0]?.result ?? {};
  const result: CheckResult = {
    property,
    outcome,
    expected: `${holdsFor} ${expected}`,
    observed: `${passed.length} of ${all.length} so; ${shown.join('; ')}`,
    source: `${all.length} files, via ${facts.via}`,
    ...(outcome !== 'pass' && told[0]?.result.notes && { notes: told[0].result.notes }),
  };
  if (outcome !== 'pass' || !facts.isCut || holdsFor === 'any') return result;
  return cannotLook(property, result.expected, 'more files match than were read', result.source);
}
