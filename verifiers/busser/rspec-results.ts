import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import type { CheckOutcome } from '../../src/core/check.ts';
import { RUN_SUFFIX } from '../../src/core/test-suite.ts';
import type { TestCase } from '../../src/suites/report.ts';

const example = z.looseObject({
  full_description: z.string(),
  status: z.string(),
  file_path: z.string().nullish(),
  line_number: z.number().nullish(),
  run_time: z.number().nullish(),
  pending_message: z.string().nullish(),
  exception: z
    .looseObject({
      class: z.string(),
      message: z.string().nullish(),
      backtrace: z.array(z.string()).nullish(),
    })
    .nullish(),
});

/** RSpec's `json` formatter, as far as it is read (rspec-core: lib/rspec/core/formatters/json_formatter.rb). */
export const RspecJson = z.looseObject({
  examples: z.array(example),
  messages: z.array(z.string()).nullish(),
  summary: z.looseObject({ errors_outside_of_examples_count: z.number().nullish() }),
});
export type RspecJson = z.infer<typeof RspecJson>;
type Example = RspecJson['examples'][number];

/** What was looked at and was not as expected; any other exception means that nothing was seen. */
const EXPECTATION =
  /^RSpec::(Expectations::(Multiple)?Expectations?NotMetError|Mocks::MockExpectationError|Core::Pending::PendingExampleFixedError)$/;

/**
 * Each example as a test. A pending or skipped one is a skip, because its author wrote so; an exception that is no
 * failed expectation, and one outside of all examples, is an error. `localPath` tells the caller's name of a file.
 */
export function rspecCases(report: RspecJson, localPath: (file: string) => string): readonly TestCase[] {
  const cases = report.examples.map((one) => exampleCase(one, localPath));
  if ((report.summary.errors_outside_of_examples_count ?? 0) === 0) return cases;
  return [...cases, ...(report.messages ?? []).flatMap((text) => outside(text, localPath))];
}

function exampleCase(one: Example, localPath: (file: string) => string): TestCase {
  const base = {
    title: one.full_description.trim(),
    expected: one.full_description.trim(),
    durationMs: Math.round((one.run_time ?? 0) * 1000),
    ...(one.file_path != null && {
      location: {
        file: localPath(one.file_path),
        ...(one.line_number != null && { line: one.line_number }),
      },
    }),
  };
  if (one.status === 'passed') return { ...base, outcome: 'pass', observed: 'as expected' };
  if (one.status === 'pending') {
    return { ...base, outcome: 'skip', observed: `not run: ${one.pending_message ?? 'no reason given'}` };
  }
  const { class: name = '', message } = one.exception ?? {};
  const outcome: CheckOutcome = EXPECTATION.test(name) ? 'fail' : 'error';
  const lines = linesOf(message ?? '');
  const [, wanted] = /^expected: (.*)$/.exec(lines[0] ?? '') ?? [];
  const [, got] = /^\s*got: (.*)$/.exec(lines[1] ?? '') ?? [];
  if (wanted !== undefined && got !== undefined) {
    return { ...base, outcome, expected: wanted, observed: got, notes: lines.slice(2) };
  }
  const first = lines[0] ?? 'failed, without a message';
  return {
    ...base,
    outcome,
    observed: outcome === 'error' ? `${name}: ${first}` : first,
    notes: lines.slice(1),
  };
}

/** `An error occurred while loading ./x_spec.rb.` and what follows it; Ruby's own frames are left out. */
function outside(text: string, localPath: (file: string) => string): TestCase[] {
  const lines = linesOf(text).filter(
    (line) => !/^\s*# .*\/(\.galley\/rspec\.rb|gems\/|boot\.rb):\d+/.test(line),
  );
  const at = lines.findIndex((line) => line.startsWith('An error occurred'));
  if (at < 0) return [];
  const [, file] = /while loading (\S+?)\.?$/.exec(lines[at] ?? '') ?? [];
  const [, line] = /# \S*_spec\.rb:(\d+)/.exec(text) ?? [];
  const cause = lines.findIndex((each, index) => index > at && /^\S*(Error|Exception)\S*:$/.test(each));
  const observed = cause < 0 ? (lines[at + 1] ?? '') : `${lines[cause]} ${lines[cause + 1]?.trim() ?? ''}`;
  const isGem = observed.startsWith('LoadError');
  return [
    {
      id: `serverspec${RUN_SUFFIX}`,
      title: file === undefined ? (lines[at] ?? '') : `${file} can be loaded`,
      outcome: 'error',
      expected: 'the tests can be loaded',
      observed,
      notes: lines.slice(at + 1).filter((_, index) => index + at + 1 !== cause && index + at !== cause),
      ...(isGem && {
        hint: 'gems beside serverspec and RSpec must be installed in the Ruby on the instance',
      }),
      ...(file !== undefined && {
        location: { file: localPath(file), ...(line !== undefined && { line: Number(line) }) },
      }),
    },
  ];
}

function linesOf(text: string): readonly string[] {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}
