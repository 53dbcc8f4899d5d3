import { XMLParser, XMLValidator } from 'fast-xml-parser';
import tap from 'tap';
import { check, HOSTILE, oneInstance, reportOf, sampleRun } from '../../../test/sample-run.ts';
import { renderJunit, renderJunitFiles } from './junit.ts';

type Xml = Readonly<Record<string, unknown>>;
type Node = Readonly<Record<string, string>> & { readonly [element: string]: unknown };

const ROOT = '/k';
const LISTS = new Set(['testsuite', 'testcase', 'property']);
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: 'text',
  parseAttributeValue: false,
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => LISTS.has(name),
});

function parse(xml: string): { readonly suites: readonly Node[]; readonly cases: readonly Node[] } {
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) throw new Error(JSON.stringify(verdict));
  const { testsuites } = parser.parse(xml) as { readonly testsuites: Xml };
  const suites = (testsuites['testsuite'] ?? []) as readonly Node[];
  return { suites, cases: suites.flatMap((suite) => (suite['testcase'] ?? []) as readonly Node[]) };
}

await tap.test('every outcome is told in the way that the CI systems read', async (t) => {
  const { suites, cases } = parse(renderJunit(reportOf(sampleRun()), { root: ROOT }));
  t.match(suites[0], { name: 'web-debian-12', tests: '9', failures: '1', errors: '1', skipped: '2' });
  t.match(suites[0]?.['timestamp'], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, 'without a zone');
  const named = (name: string): Node | undefined => cases.find((one) => one['name'] === name);
  t.match(named('http GET /a is 200'), {
    classname: 'web-debian-12.http',
    file: 'kitchen.yml',
    line: '41',
    time: '0.049',
    failure: { type: 'http.status', message: /expected status 200/, text: /FAIL http GET \/a/ },
    'system-out': '[[ATTACHMENT|.galley/logs/R/web-debian-12.log]]',
  });
  t.match(named('port 8000 not listening'), { error: { type: 'port.could_not_look', text: /ERROR/ } });
  t.match(named('http GET /c is 200'), { flakyFailure: { message: 'passed at attempt 3' } });
  t.match(named('http GET /d is 200'), { skipped: { message: /waived until 2027-01-01: JIRA-1/ } });
  t.match(named('http GET /e is 200'), { skipped: { message: 'no certificate in this suite' } });
  const broken = cases.filter((one) => one['classname']?.startsWith('db-debian-12'));
  t.match(broken, [
    { name: 'create' },
    { name: 'converge', failure: { type: 'converge.failed', text: /Unable to locate package/ } },
    { name: 'verify', skipped: { message: 'not reached: converge did not pass' } },
  ]);
  t.match(
    cases.filter((one) => one['classname']?.startsWith('db-debian-11')),
    [{ name: 'prepare', error: { type: 'run.cancelled' } }],
  );
});

await tap.test(
  'a file per instance; classname and name are unique, GitLab would drop the second',
  async (t) => {
    const files = renderJunitFiles(reportOf(sampleRun()), { root: ROOT });
    t.same(
      files.map((one) => one.name),
      ['web-debian-12', 'db-debian-12', 'web-debian-11', 'db-debian-11'],
    );
    const keys = files.flatMap(({ content }) =>
      parse(content).cases.map((one) => `${one['classname']} ${one['name']}`),
    );
    t.equal(new Set(keys).size, keys.length);
  },
);

await tap.test('what no XML can hold is not in it, and no text becomes an element', async (t) => {
  for (const [i, text] of HOSTILE.entries()) {
    const hostile = check({
      title: text,
      outcome: 'error',
      hint: text,
      results: [{ property: text, outcome: 'error', expected: text, observed: text }],
    });
    const xml = renderJunit(reportOf(oneInstance([check(), hostile], [text])), { root: ROOT });
    const { cases } = parse(xml);
    t.equal(cases.length, 2, `text ${i}`);
    // oxlint-disable-next-line no-control-regex -- exactly what XML 1.0 forbids
    t.notMatch(xml, /[\u0000-\u0008\u000b-\u001f\ufffe\uffff\u202e]|\p{Surrogate}/u);
  }
});

await tap.test('at most so many cases, what failed first, and nothing that failed turns green', async (t) => {
  const many = Array.from({ length: 600 }, (_, i) =>
    check({ id: `c${i}`, title: `http ${i}`, outcome: i % 100 === 99 ? 'fail' : 'pass' }),
  );
  const report = reportOf(oneInstance(many));
  const { cases, suites } = parse(renderJunit(report, { root: ROOT, maxCases: 500 }));
  t.equal(cases.length, 500);
  t.equal(cases.filter((one) => one['failure']).length, 6);
  t.match(cases.at(-1), { name: /101 further cases/ });
  const few = parse(renderJunit(report, { root: ROOT, maxCases: 4 }));
  t.equal(few.cases.length, 4);
  t.ok(
    few.cases.every((one) => one['failure']),
    'the rest is worded by its worst',
  );
  t.match(suites[0], { tests: '500', failures: '6' });
});
