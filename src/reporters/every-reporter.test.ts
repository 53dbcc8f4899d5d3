import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap from 'tap';
import {
  check,
  envelopes,
  feed,
  HOSTILE,
  oneInstance,
  resource,
  sampleRun,
  type Timed,
} from '../../test/sample-run.ts';
import { REPORT_FORMATS } from '../core/report-request.ts';
import type { Reporter } from '../core/reporter.ts';
import { EventBus } from '../engine/event-bus.ts';
import { GithubActions } from './github-actions.ts';
import { Live } from './live.ts';
import { LogFiles } from './log-files.ts';
import { Ndjson } from './ndjson.ts';
import { Plain } from './plain.ts';
import { ReportWriter } from './report-writer.ts';
import type { Terminal } from './terminal.ts';

class Collected implements Terminal {
  text = '';
  readonly isTty = false;
  readonly color = true;
  write(text: string): void {
    this.text += text;
  }
  columns(): number {
    return 100;
  }
}

// oxlint-disable-next-line no-control-regex -- colours, and what the live board moves the cursor with
const OUR_CODES = /\u001b\[\d+[mAK]/g;
const OPTIONS = { verbose: true, debug: true };

interface All {
  readonly reporters: readonly Reporter[];
  /** What each has said, by its name. */
  outputs(): Readonly<Record<string, string>>;
}

/** Every reporter that there is, with everything it can say switched on. */
function everyReporter(dir: string, secrets: readonly string[]): All {
  const [plain, live, github] = [new Collected(), new Collected(), new Collected()];
  const logs = join(dir, 'logs');
  const reports = join(dir, 'reports');
  const summaryFile = join(dir, 'summary.md');
  const writer = new ReportWriter(
    REPORT_FORMATS.map((format) => ({ format })),
    { defaultDir: reports, root: '/k', print: () => {}, compare: async () => undefined },
  );
  const reporters = [
    new LogFiles(logs),
    new Plain(plain, OPTIONS),
    new Live(live, OPTIONS),
    new Ndjson(join(dir, 'events.ndjson'), new Collected()),
    writer,
    new GithubActions({ terminal: github, secrets, summaryFile, toRepository: (file) => file }),
  ];
  const files = (folder: string): readonly (readonly [string, string])[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => [one.name, readFileSync(join(one.parentPath, one.name), 'utf8')]);
  return {
    reporters,
    outputs: () => ({
      ...Object.fromEntries(files(dir)),
      plain: plain.text,
      live: live.text,
      github: github.text,
    }),
  };
}

const SECRET = `p@ss "word'%/é`;
const KEY = '-----BEGIN KEY-----\nMIIEowIBAAKCAQEA7bSecretLine\n-----END KEY-----';

/** The secret wherever a run can bring it: output, resources, checks, errors, progress, notices, names of things. */
function planted(): readonly Timed[] {
  const instance = 'web-debian-12';
  const url = `postgres://app:${encodeURIComponent(SECRET)}@db/app`;
  const error = {
    code: 'converge.failed',
    kind: 'converge',
    message: `failed with ${SECRET}`,
    details: [SECRET, url],
    got: SECRET,
    expected: SECRET,
    hint: SECRET,
    stack: `at ${SECRET}`,
  } as const;
  const results = [
    {
      property: 'value',
      outcome: 'fail',
      expected: SECRET,
      observed: JSON.stringify(SECRET),
      source: SECRET,
      notes: [url],
    },
  ] as const;
  const shown = { title: `http ${url}`, outcome: 'fail', hint: SECRET, why: SECRET, results } as const;
  const plain = check({
    id: 'c',
    title: 'env app RAILS_ENV',
    outcome: 'fail',
    results: [
      { property: 'value', outcome: 'fail', expected: '"production"', observed: 'pid 71: "development"' },
    ],
  });
  const events: readonly Timed[] = [
    [3, { type: 'progress', instance, text: SECRET }],
    [3, { type: 'progress', text: SECRET }],
    [3, { type: 'notice', instance, level: 'warning', message: SECRET }],
    [3, { type: 'notice', level: 'verbose', message: SECRET }],
    [
      3,
      {
        type: 'resource',
        instance,
        result: resource({ resource: `execute[echo ${SECRET}]`, delta: SECRET }),
      },
    ],
    [3, { type: 'made', instance, kind: 'container', name: SECRET }],
    [3, { type: 'wait', instance, what: SECRET, durationMs: 200 }],
    ...KEY.split('\n').map(
      (line): Timed => [3, { type: 'output', instance, source: 'chef', stream: 'stderr', line }],
    ),
    [3, { type: 'phase:end', instance, action: 'converge', durationMs: 1, outcome: 'failed', error }],
  ];
  return [
    ...oneInstance(
      [check(shown), check({ ...shown, id: 'b', outcome: 'error' }), plain],
      [`password is ${SECRET}`, url],
    ),
    ...events,
  ];
}

await tap.test('a planted secret is in the output of no reporter, a plain value in all', async (t) => {
  const secrets = [SECRET, KEY];
  // GitHub must be told what to mask; it is asked for the rest without.
  const all = everyReporter(t.testdir(), []);
  for (const reporter of all.reporters) await feed(reporter, envelopes(planted(), secrets));
  const outputs = all.outputs();
  t.ok(Object.keys(outputs).length >= 11, Object.keys(outputs).join(' '));
  const forms = [
    SECRET,
    encodeURIComponent(SECRET),
    JSON.stringify(SECRET).slice(1, -1),
    'p@ss &quot;',
    'p@ss "',
    'p%40ss',
    'MIIEow',
  ];
  for (const [name, text] of Object.entries(outputs)) {
    t.same(
      forms.filter((form) => text.includes(form)),
      [],
      name,
    );
    t.ok(text.includes('[redacted]') || text.includes('redacted'), `${name} has seen the place`);
    t.ok(text.includes('development'), `${name} shows what is no secret`);
  }
});

await tap.test('GitHub is told what to mask, line by line, before anything else is said', async (t) => {
  const all = everyReporter(t.testdir(), [SECRET, KEY, 'short']);
  for (const reporter of all.reporters) await feed(reporter, envelopes(sampleRun()));
  const { github = '', 'summary.md': summary = '' } = all.outputs();
  const lines = github.trimEnd().split('\n');
  t.same(lines.slice(0, 4), [
    `::add-mask::${SECRET.replace('%', '%25')}`,
    ...KEY.split('\n').map((line) => `::add-mask::${line}`),
  ]);
  const [, token = ''] = /^::stop-commands::(galley-[0-9a-f]{32})$/.exec(lines[4] ?? '') ?? [];
  t.equal(lines[5], `::${token}::`, 'commands are on again before the annotations');
  t.match(lines[6], /^::error title=galley::/);
  t.match(summary, /^## ❌ galley test/);
});

await tap.test('hostile output gets out of no reporter, and a line of 10 MB into none', async (t) => {
  const huge = `${'x'.repeat(10 * 1024 * 1024)}END`;
  const checks = HOSTILE.map((title, i) => check({ id: `h${i}`, title, outcome: 'fail', hint: title }));
  const long = check({
    id: 'long',
    outcome: 'fail',
    results: [{ property: 'body', outcome: 'fail', expected: '', observed: huge }],
  });
  const events = envelopes(oneInstance([...checks, long], [...HOSTILE, huge]));
  const all = everyReporter(t.testdir(), []);
  for (const reporter of all.reporters) await feed(reporter, events);
  const outputs = all.outputs();
  // These two keep everything: they are the record that all else can be made from again.
  const { 'events.ndjson': _, 'web-debian-12.log': __, ...shown } = outputs;
  for (const [name, text] of Object.entries(shown)) {
    t.ok(text.length < 1_000_000, `${name}: ${text.length}`);
    // Not t.notMatch, which would print all of the text.
    const found = [
      /[\u202a-\u202e\u2066-\u2069]/,
      // oxlint-disable-next-line no-control-regex -- what must not be there
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/,
    ].map((wrong) => wrong.exec(text.replaceAll(OUR_CODES, ''))?.[0]);
    t.same(found, [undefined, undefined], name);
    t.notOk(text.includes('\u001b[31mred'), `${name}: colours of the machine`);
  }
  const commands = (shown['github'] ?? '').split('\n').filter((line) => line.startsWith('::'));
  t.same(
    commands.filter(
      (line) => !/^::(stop-commands|galley-|error (file=kitchen\.yml|title=galley))/.test(line),
    ),
    [],
  );
});

await tap.test('a report that cannot be written stops neither the run nor the other reports', async (t) => {
  const dir = t.testdir();
  const folder = join(dir, 'reports');
  mkdirSync(folder);
  const compare = async () => undefined;
  const requests = [
    { format: 'html', path: join(folder, 'sub/report.html') },
    { format: 'tap', path: '/dev/full' },
    { format: 'json', path: join(dir, 'report.json') },
  ] as const;
  const writer = new ReportWriter(requests, { defaultDir: dir, root: dir, print: () => {}, compare });
  const bus = new EventBus('R', [writer]);
  for (const [, event] of sampleRun()) bus.emit(event);
  // The folder goes while the run is on.
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'a file');
  const broken = await bus.close();
  t.match(broken, [
    {
      reporter: 'reports',
      error: { errors: [{ code: 'report.not_written' }, { code: 'report.not_written', got: /ENOSPC/ }] },
    },
  ]);
  t.same(writer.written, [join(dir, 'report.json')]);
  t.match(JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')), { run: { exitCode: 4 } });
});
