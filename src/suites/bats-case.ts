import { RUN_SUFFIX } from '../core/test-suite.ts';
import type { TestCase } from './report.ts';

/**
 * A test of Bats' TAP output with its place, told in the comments of a failure: `(in test file x.bats, line 3)`, or the
 * functions that it was in (bats-core: lib/bats-core/tracing.bash). `localPath` tells the caller's name of a file.
 */
export function batsCase(one: TestCase, localPath: (file: string) => string = (file) => file): TestCase {
  const timed = / in (\d+)ms$/.exec(one.title);
  const plain = timed
    ? { ...one, title: one.title.slice(0, timed.index), durationMs: Number(timed[1]) }
    : one;
  if (plain.outcome === 'skip') return { ...plain, expected: plain.title };
  if (plain.outcome !== 'fail') return plain;
  const lines = [plain.observed, ...(plain.notes ?? [])];
  const trace = lines.findIndex((line) => /in test file .+, line \d+\)$/.test(line));
  if (plain.title === 'bats-gather-tests') return unreadable(lines, localPath);
  if (trace < 0) return plain;
  const [, file = '', line = '0'] = /in test file (.+), line (\d+)\)$/.exec(lines[trace] ?? '') ?? [];
  const [what = 'failed', ...output] = lines.slice(trace + 1);
  const through = lines.slice(0, trace).map((each) => each.replace(/^\(/, '').replace(/,$/, '').trim());
  const observed = what.trim();
  return {
    ...plain,
    // `… failed with status 127`: the test called what is not there.
    outcome: 'fail',
    expected: 'every command succeeds',
    observed,
    notes: [...output, ...through],
    location: { file: localPath(file), line: Number(line) },
  };
}

/** A file that Bats could not read: none of its tests ran. */
function unreadable(lines: readonly string[], localPath: (file: string) => string): TestCase {
  const [, file, line] = /^(.+?): line (\d+): /.exec(lines[0] ?? '') ?? [];
  return {
    id: `bats${RUN_SUFFIX}`,
    title: 'Bats reads the tests',
    outcome: 'error',
    expected: 'files that Bash can read',
    observed: lines[0] ?? '',
    notes: lines.slice(1),
    ...(file !== undefined && { location: { file: localPath(file), line: Number(line) } }),
  };
}
