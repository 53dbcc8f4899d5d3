import { z } from 'zod';
import { RUN_SUFFIX } from '../../src/core/test-suite.ts';
import type { TestCase } from '../../src/suites/report.ts';

/** An element with text, an element without attributes or text, or none. */
const told = z
  .union([
    z.looseObject({
      message: z.string().nullish(),
      type: z.string().nullish(),
      '#text': z.string().nullish(),
    }),
    z.string(),
  ])
  .nullish()
  .transform((given) => (typeof given === 'string' ? { '#text': given } : given));

const testcase = z.looseObject({
  classname: z.string().nullish(),
  name: z.string(),
  file: z.string().nullish(),
  line: z.string().nullish(),
  time: z.string().nullish(),
  failure: told,
  error: told,
  skipped: told,
});

/** pytest's JUnit XML of the family `xunit1` (pytest: src/_pytest/junitxml.py), as fast-xml-parser gives it. */
const PytestXml = z.looseObject({
  testsuites: z.looseObject({
    testsuite: z.array(z.looseObject({ testcase: z.array(testcase).nullish() })),
  }),
});
export type PytestXml = z.infer<typeof PytestXml>;
type Case = z.infer<typeof testcase>;

export interface ReadOptions {
  /** Connection string. */
  readonly host: string;
  /** What of it is in the name of each test. */
  readonly label: string;
  /** Folder of the tests that is left out of their names, with a slash at its end; may be empty. */
  readonly folder: string;
}

/** Parses pytest's results; undefined when they cannot be read. */
export async function readXml(text: string): Promise<PytestXml | undefined> {
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    parseTagValue: false,
    trimValues: false,
    htmlEntities: true,
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  try {
    return PytestXml.safeParse(parser.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Each test of pytest as a test. An exception that is no failed assertion means that nothing was seen: an error. */
export function pytestCases(report: PytestXml, options: ReadOptions): readonly TestCase[] {
  return report.testsuites.testsuite.flatMap((suite) =>
    (suite.testcase ?? []).map((one) => caseOf(one, options)),
  );
}

/** `test_web.py::TestUnit::test_port[80]`: how pytest names a test on its command line, without the machine. */
function titleOf(one: Case, { label, folder }: ReadOptions): string {
  const name = one.name.replace(`[${label}]`, '').replace(`[${label}-`, '[').replace(`-${label}]`, ']');
  if (one.file == null) return [one.classname ?? '', name].filter((part) => part !== '').join('::');
  const module = one.file.replace(/\.py$/, '').replaceAll('/', '.');
  const inside = (one.classname ?? '')
    .slice(module.length + 1)
    .split('.')
    .filter(Boolean);
  const file = one.file.startsWith(folder) ? one.file.slice(folder.length) : one.file;
  return [file, ...inside, name].join('::');
}

function caseOf(one: Case, options: ReadOptions): TestCase {
  const title = titleOf(one, options);
  const base = {
    title,
    expected: 'passes',
    source: options.host.replace(/^(docker:\/\/.{12}).*/, '$1'),
    durationMs: Math.round(Number(one.time ?? 0) * 1000),
    ...placeOf(one),
  };
  if (one.skipped) {
    const reason = one.skipped.message || one.skipped['#text']?.trim() || 'no reason given';
    if (one.skipped.type !== 'pytest.xfail')
      return { ...base, outcome: 'skip', observed: `not run: ${reason}` };
    // Its author expects that it fails, and it did.
    return { ...base, outcome: 'waived', observed: 'failed', waiver: { reason, until: 'no end' } };
  }
  const bad = one.error ?? one.failure;
  if (!bad) return { ...base, outcome: 'pass', observed: 'passed' };
  const [first = '', ...more] = linesOf(bad.message || (bad['#text'] ?? ''));
  if (first === 'collection failure') return { ...base, ...notLoaded(one) };
  const isAssertion = one.error == null && /^(AssertionError\b|assert |Failed: |\[XPASS)/.test(first);
  const raised = linesOf(bad['#text'] ?? '').filter((line) => line.startsWith('E '));
  const evidence = more.length > 0 ? more : raised.slice(1).map((line) => line.slice(1).trim());
  return {
    ...base,
    outcome: isAssertion ? 'fail' : 'error',
    observed: first.replace(/^(AssertionError|Failed): /, ''),
    notes: evidence
      .map((line) => line.replaceAll(/<testinfra\.host\.Host [^>]*>/g, 'host'))
      .slice(0, MOST_NOTES),
  };
}

/** A file that Python could not load: none of its tests ran. */
function notLoaded(
  one: Case,
): Pick<TestCase, 'id' | 'title' | 'outcome' | 'expected' | 'observed' | 'notes'> {
  const raised = linesOf(one.error?.['#text'] ?? '').filter((line) => line.startsWith('E '));
  const [last = 'it does not load', ...before] = raised.map((line) => line.slice(1).trim()).toReversed();
  return {
    id: `testinfra${RUN_SUFFIX}`,
    title: `${one.file ?? one.name} can be loaded`,
    outcome: 'error',
    expected: 'the tests can be loaded',
    observed: last,
    notes: before.toReversed().slice(-MOST_NOTES),
  };
}

const MOST_NOTES = 15;

/** The line of the test's own file that failed, else that of the test; pytest counts the latter from 0. */
function placeOf(one: Case): Pick<TestCase, 'location'> {
  if (one.file == null) return {};
  const text = (one.error ?? one.failure)?.['#text'] ?? '';
  const frame = text.split('\n').find((line) => line.startsWith(`${one.file}:`));
  const [, failed] = /:(\d+):/.exec(frame ?? '') ?? [];
  const line = failed ?? (one.line == null ? undefined : String(Number(one.line) + 1));
  return { location: { file: one.file, ...(line !== undefined && { line: Number(line) }) } };
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}
