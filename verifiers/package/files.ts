import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { ChangedFile, Known, PackageTable } from '../../src/core/system-facts.ts';

/** Files of a package against what it installed. Pure. */
export function judgeFiles(
  wanted: boolean | Matcher,
  known: Known<readonly ChangedFile[]> | undefined,
  table: PackageTable,
  via: string,
): CheckResult {
  const property = 'files.verify';
  const source = `${table.manager === 'rpm' ? 'rpm -V' : 'dpkg --verify'}, via ${via}`;
  const expected = typeof wanted === 'boolean' ? WORDS[`${wanted}`] : describeMatcher(wanted);
  if (known === undefined || !('value' in known))
    return cannotLook(property, expected, known?.error ?? 'it was not verified', source);
  const files = known.value;
  const notes = files.map((file) => describe(file));
  if (typeof wanted !== 'boolean') {
    const paths = files.map((file) => file.path);
    return judgeValue(property, paths, wanted, { source, notes });
  }
  const changed = files.filter((file) => !file.isConfig);
  const isOk = (changed.length === 0) === wanted;
  const [shown, more] = [changed.slice(0, 5), changed.length - 5];
  return {
    property,
    outcome: isOk ? 'pass' : 'fail',
    expected,
    observed:
      changed.length === 0
        ? 'no file was changed'
        : `${shown.map(describe).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    source,
  };
}

const WORDS = { true: 'no file was changed, configuration aside', false: 'a file was changed' } as const;

function describe(file: ChangedFile): string {
  return `${file.path} ${file.isMissing ? 'is missing' : 'was changed'}${file.isConfig ? ' (configuration)' : ''}`;
}
