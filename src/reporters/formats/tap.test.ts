import tap from 'tap';
import { Parser, type Result } from 'tap-parser';
import { check, HOSTILE, oneInstance, reportOf, sampleRun } from '../../../test/sample-run.ts';
import { renderTap } from './tap.ts';

interface Parsed {
  readonly ok: boolean;
  readonly points: readonly Result[];
  readonly top: readonly Result[];
  readonly bailout: string | undefined;
  /** Lines that are no TAP. */
  readonly extra: string;
}

function parse(text: string): Parsed {
  const points: Result[] = [];
  const top: Result[] = [];
  let ok = false;
  let bailout: string | undefined;
  let extra = '';
  const parser = new Parser();
  const hear = (one: Parser): void => {
    one.on('assert', (result) => points.push(result));
    one.on('extra', (line) => (extra += line));
    one.on('child', hear);
  };
  parser.on('assert', (result) => top.push(result));
  parser.on('extra', (line) => (extra += line));
  parser.on('child', hear);
  parser.on('bailout', (reason) => (bailout = reason));
  parser.on('complete', (results) => (ok = results.ok));
  parser.end(text);
  return { ok, points, top, bailout, extra };
}

await tap.test('a point per instance, within it one per phase and check, with the facts', async (t) => {
  const { ok, points, top, bailout } = parse(renderTap(reportOf(sampleRun())));
  t.notOk(ok);
  t.match(bailout, /cancelled/, 'an instance was cancelled');
  t.same(
    top.map((one) => [one.ok, one.name]),
    [
      [false, 'web-debian-12'],
      [false, 'db-debian-12'],
      [true, 'web-debian-11'],
      [false, 'db-debian-11'],
    ],
  );
  const named = (name: string) => points.find((one) => one.name === name);
  t.match(named('http GET /a is 200'), { ok: false, diag: { severity: 'fail', at: { line: 41 } } });
  t.match(named('port 8000 not listening'), { ok: false, diag: { severity: 'error' } });
  t.match(named('http GET /c is 200'), { ok: true, diag: { severity: 'flaky', attempts: 3 } });
  t.match(named('http GET /d is 200'), { ok: false, todo: /JIRA-1/ });
  t.match(named('http GET /e is 200'), { ok: true, skip: /no certificate/ });
  t.match(named('phase converge'), { ok: true });
  t.ok(
    points.some(
      (one) => one.name === 'phase converge' && !one.ok && /package\[nope\]/.test(one.diag?.message),
    ),
  );
  t.ok(points.some((one) => one.name === 'phase verify' && one.skip));
});

await tap.test('a waived failure does not fail, a green run is green', async (t) => {
  const waived = check({ outcome: 'waived', waiver: { reason: 'r', until: '2027-01-01' } });
  const events = oneInstance([check(), waived]).map(([at, event]) =>
    event.type === 'instance:end'
      ? ([at, { ...event, summary: { ...event.summary, outcome: 'passed' as const } }] as const)
      : ([at, event] as const),
  );
  t.ok(parse(renderTap(reportOf(events))).ok);
});

await tap.test('nothing that is written in a check makes or ends a point', async (t) => {
  for (const [i, text] of HOSTILE.entries()) {
    const hostile = check({
      title: text,
      outcome: 'fail',
      hint: text,
      results: [{ property: text, outcome: 'fail', expected: text, observed: text, notes: [text] }],
    });
    const skipped = check({
      id: 's',
      title: `s ${text}`,
      outcome: 'skip',
      results: [{ property: 'skip', outcome: 'skip', expected: '', observed: text }],
    });
    const { points, top, bailout, extra } = parse(
      renderTap(reportOf(oneInstance([hostile, skipped], [text]))),
    );
    t.same(
      points.map((one) => [one.ok, Boolean(one.skip), Boolean(one.todo)]),
      [
        [false, false, false],
        [true, true, false],
      ],
      `text ${i}`,
    );
    t.equal(top.length, 1);
    t.equal(bailout, undefined);
    t.equal(extra, '');
  }
});
