import type { CheckReport, ResourceResult } from '../src/core/events.ts';
import { EVENT_VERSION, type EventEnvelope, type GalleyEvent } from '../src/core/events.ts';
import { createRedact } from '../src/core/redactor.ts';
import type { Reporter } from '../src/core/reporter.ts';
import type { RunReport } from '../src/reporters/model/run-report.ts';
import { RunReportBuilder } from '../src/reporters/model/run-report-builder.ts';

/** An event and when it happened, milliseconds since the start of the run. */
export type Timed = readonly [atMs: number, event: GalleyEvent];

const START = Date.parse('2026-11-21T05:00:00.000Z');

export function check(facts: Partial<CheckReport> = {}): CheckReport {
  const outcome = facts.outcome ?? 'pass';
  return {
    id: 'http-home',
    type: 'http',
    title: 'http GET / is 200',
    outcome,
    results: [{ property: 'status', outcome, expected: '200', observed: outcome === 'pass' ? '200' : '502' }],
    attempts: 1,
    flaky: false,
    durationMs: 49.000_05,
    location: { file: 'kitchen.yml', line: 41 },
    ...facts,
  };
}

export function resource(facts: Partial<ResourceResult> = {}): ResourceResult {
  return {
    resource: 'package[nginx]',
    action: 'install',
    status: 'updated',
    durationMs: 2100,
    cookbook: 'web',
    recipe: 'default',
    ...facts,
  };
}

const RED = [
  check(),
  check({ id: 'a', title: 'http GET /a is 200', outcome: 'fail', hint: 'galley login web-debian-12' }),
  check({
    id: 'b',
    type: 'port',
    title: 'port 8000 not listening',
    outcome: 'error',
    results: [
      {
        property: 'listening',
        outcome: 'error',
        expected: 'not listening',
        observed: '/proc/net/tcp unreadable',
      },
    ],
  }),
  check({ id: 'c', title: 'http GET /c is 200', flaky: true, attempts: 3 }),
  check({
    id: 'd',
    title: 'http GET /d is 200',
    outcome: 'waived',
    waiver: { reason: 'JIRA-1', until: '2027-01-01' },
  }),
  check({
    id: 'e',
    title: 'http GET /e is 200',
    outcome: 'skip',
    results: [{ property: 'skip', outcome: 'skip', expected: '', observed: 'no certificate in this suite' }],
  }),
  // The same title twice, as two steps or two ids may have it.
  check({ id: 'f', title: 'http GET / is 200' }),
] as const;

/**
 * A run of four instances at two places: one with every outcome of a check, one whose converge breaks, one green one
 * that waits for a slot and for an image, one that is cancelled before it begins.
 */
export function sampleRun(): readonly Timed[] {
  const [red, broken, green, late] = [
    'web-debian-12',
    'db-debian-12',
    'web-debian-11',
    'db-debian-11',
  ] as const;
  const error = {
    code: 'converge.failed',
    kind: 'converge',
    message: 'package[nope] failed: no such package\nin recipe web::default',
    details: ['E: Unable to locate package nope'],
    hint: 'galley login db-debian-12',
    location: { file: 'recipes/default.rb', line: 3 },
  } as const;
  const cancelled = { code: 'run.cancelled', kind: 'cancelled', message: 'cancelled' } as const;
  const failed = { code: 'verify.failed', kind: 'verify', message: '2 of 7 checks did not pass' } as const;
  const actions = ['destroy', 'create', 'converge', 'setup', 'verify'] as const;
  const passed = (
    instance: string,
    action: 'create' | 'converge' | 'verify' | 'destroy',
    from: number,
    to: number,
  ): readonly Timed[] => [
    [from, { type: 'phase:start', instance, action }],
    [to, { type: 'phase:end', instance, action, durationMs: to - from, outcome: 'passed' }],
  ];
  return [
    [
      0,
      {
        type: 'run:start',
        command: 'test',
        instances: [red, broken, green, late],
        concurrency: 2,
        logDir: '/k/.galley/logs/R',
      },
    ],
    [1, { type: 'notice', level: 'warning', message: 'the key x has no effect' }],
    [5, { type: 'instance:start', instance: red, actions }],
    [6, { type: 'instance:start', instance: broken, actions }],
    ...passed(red, 'create', 10, 1000),
    ...passed(broken, 'create', 10, 1200),
    [1000, { type: 'phase:start', instance: red, action: 'converge' }],
    [1100, { type: 'progress', instance: red, text: 'package[nginx]' }],
    [
      1200,
      { type: 'output', instance: red, source: 'chef', stream: 'stdout', line: 'Converging 5 resources' },
    ],
    [1300, { type: 'output', instance: red, source: 'chef', stream: 'stderr', line: 'WARN: deprecated' }],
    [4000, { type: 'resource', instance: red, result: resource() }],
    [4000, { type: 'phase:end', instance: red, action: 'converge', durationMs: 3000, outcome: 'passed' }],
    [1200, { type: 'phase:start', instance: broken, action: 'converge' }],
    [
      2000,
      { type: 'phase:end', instance: broken, action: 'converge', durationMs: 800, outcome: 'failed', error },
    ],
    [
      2001,
      {
        type: 'instance:end',
        instance: broken,
        summary: { instance: broken, outcome: 'failed', phases: [], slowest: [], error, kept: true },
      },
    ],
    [2005, { type: 'instance:start', instance: green, actions }],
    [2300, { type: 'wait', instance: green, what: 'image debian:11', holder: red, durationMs: 250 }],
    ...passed(green, 'create', 2010, 2500),
    ...passed(green, 'converge', 2500, 3500),
    [3500, { type: 'phase:start', instance: green, action: 'verify' }],
    [3600, { type: 'check', instance: green, report: check() }],
    [3700, { type: 'phase:end', instance: green, action: 'verify', durationMs: 200, outcome: 'passed' }],
    ...passed(green, 'destroy', 3700, 3900),
    [
      3901,
      {
        type: 'instance:end',
        instance: green,
        summary: { instance: green, outcome: 'passed', phases: [], slowest: [] },
      },
    ],
    [4000, { type: 'phase:start', instance: red, action: 'verify' }],
    ...RED.map((report): Timed => [4500, { type: 'check', instance: red, report }]),
    [
      4600,
      {
        type: 'phase:end',
        instance: red,
        action: 'verify',
        durationMs: 600,
        outcome: 'failed',
        error: failed,
      },
    ],
    [
      4601,
      {
        type: 'instance:end',
        instance: red,
        summary: { instance: red, outcome: 'failed', phases: [], slowest: [], error: failed },
      },
    ],
    [
      4700,
      {
        type: 'instance:end',
        instance: late,
        summary: { instance: late, outcome: 'cancelled', phases: [], slowest: [], error: cancelled },
      },
    ],
    [4710, { type: 'run:end', exitCode: 4, durationMs: 4710, instances: [] }],
  ];
}

/** A run of one instance whose phases all pass, with these checks and this output. */
export function oneInstance(
  checks: readonly CheckReport[],
  lines: readonly string[] = [],
  instance = 'web-debian-12',
): readonly Timed[] {
  const outcome = checks.every((one) => one.outcome === 'pass') ? 'passed' : 'failed';
  return [
    [
      0,
      {
        type: 'run:start',
        command: 'verify',
        instances: [instance],
        concurrency: 1,
        logDir: '/k/.galley/logs/R',
      },
    ],
    [1, { type: 'instance:start', instance, actions: ['verify'] }],
    [2, { type: 'phase:start', instance, action: 'verify' }],
    ...lines.map((line): Timed => [3, { type: 'output', instance, source: 'chef', stream: 'stdout', line }]),
    ...checks.map((report): Timed => [4, { type: 'check', instance, report }]),
    [
      5,
      {
        type: 'phase:end',
        instance,
        action: 'verify',
        durationMs: 3,
        outcome,
        ...(outcome === 'failed' && { error: { code: 'verify.failed', kind: 'verify', message: 'no' } }),
      },
    ],
    [6, { type: 'instance:end', instance, summary: { instance, outcome, phases: [], slowest: [] } }],
    [7, { type: 'run:end', exitCode: outcome === 'passed' ? 0 : 5, durationMs: 7, instances: [] }],
  ];
}

/** As the bus would hand them to reporters. */
export function envelopes(
  events: readonly Timed[],
  secrets: readonly string[] = [],
  runId = 'R',
): readonly EventEnvelope[] {
  const redact = createRedact(secrets);
  const ordered = events.toSorted(([a], [b]) => a - b);
  return ordered.map(([atMs, event], i) => ({
    v: EVENT_VERSION,
    runId,
    seq: i + 1,
    time: new Date(START + atMs).toISOString(),
    ...redact(event),
  }));
}

export function reportOf(events: readonly Timed[], runId = 'R'): RunReport {
  const builder = new RunReportBuilder();
  for (const event of envelopes(events, [], runId)) builder.add(event);
  return builder.build();
}

export async function feed(reporter: Reporter, events: readonly EventEnvelope[]): Promise<void> {
  for (const event of events) reporter.onEvent(event);
  await reporter.close?.();
}

/** What a machine may print, or a cookbook's author may type, to get out of a report. */
export const HOSTILE = [
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b31m',
  '::set-output name=x::y',
  '::error::not ours',
  ']]> --> <!-- <![CDATA[',
  '<script>globalThis.pwned = 1</script><img src=x onerror="globalThis.pwned = 1">',
  '"><svg onload=globalThis.pwned=1>',
  'nul \u0000 bell \u0007 vt \u000b ff \u000c us \u001f del \u007f nonchar \ufffe\uffff',
  'lone \ud800 surrogate',
  'bidi \u202e gnp.exe \u2066 \u200f',
  '...\n---\nok 99 - forged\nBail out! forged',
  '# SKIP not really # TODO neither \\',
  '``` ````\n</details>| a | b |',
  '[[ATTACHMENT|/etc/passwd]]',
  '%0A::warning::x%25',
  'x\u2028y\u2029z\u0085w',
  '</script><!--<script>',
] as const;
