import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import tap from 'tap';
import { parse } from 'yaml';
import type { CheckReport, GalleyEvent, InstanceSummary } from '../../src/core/events.ts';
import { readEvents } from '../events.ts';
import { galley, REPO } from '../galley.ts';
import { leftovers } from '../leftovers.ts';

interface Expectation {
  readonly phase?: 'converge' | 'verify';
  readonly failed?: Readonly<Record<string, string>>;
  readonly message?: readonly string[];
}

const kitchen = join(REPO, 'fixtures/kitchens/red');
const { suites } = parse(await readFile(join(kitchen, 'expected.yml'), 'utf8')) as {
  readonly suites: Readonly<Record<string, Expectation>>;
};

function textOf(report: CheckReport): string {
  return report.results
    .flatMap((r) => [`${r.property} ${r.expected} ${r.observed} ${r.source ?? ''}`, ...(r.notes ?? [])])
    .join('\n');
}

await tap.test(
  'each red suite fails at its check with its message, each green one beside them passes',
  async (t) => {
    const eventsFile = join(t.testdir(), 'events.ndjson');
    const run = await galley(['test', '-c', '2', '--destroy=always', '--events', eventsFile], {
      cwd: kitchen,
    });
    t.equal(
      run.code,
      4,
      `exit code: converge failures decide over verify failures\n${run.stdout}\n${run.stderr}`,
    );
    const events = await readEvents(eventsFile);
    const ends = new Map<string, InstanceSummary>();
    const checks = new Map<string, CheckReport[]>();
    for (const event of events as readonly GalleyEvent[]) {
      if (event.type === 'instance:end') ends.set(event.instance, event.summary);
      if (event.type === 'check')
        checks.set(event.instance, [...(checks.get(event.instance) ?? []), event.report]);
    }
    t.equal(ends.size, Object.keys(suites).length, 'every suite was run');
    for (const [suite, expected] of Object.entries(suites)) {
      const instance = `${suite}-debian-12`;
      const end = ends.get(instance);
      const reports = checks.get(instance) ?? [];
      await t.test(suite, async (t) => {
        t.equal(
          end?.phases.find((p) => p.outcome !== 'passed')?.action,
          expected.phase,
          JSON.stringify(end?.error),
        );
        const bad = reports.filter((r) => r.outcome !== 'pass');
        t.same(
          bad.map((r) => r.id).toSorted(),
          Object.keys(expected.failed ?? {}).toSorted(),
          bad.map(textOf).join('\n'),
        );
        for (const [id, pattern] of Object.entries(expected.failed ?? {})) {
          const report = reports.find((r) => r.id === id);
          t.equal(report?.outcome, 'fail', `${id} fails (an error would mean: could not look)`);
          t.match(report ? textOf(report) : '', new RegExp(pattern, 'i'), id);
        }
        const error = JSON.stringify(end?.error);
        const readable = [
          end?.error?.message,
          end?.error?.location?.file,
          end?.error?.location?.line,
          ...(end?.error?.details ?? []),
        ].join('\n');
        for (const pattern of expected.message ?? []) t.match(readable, new RegExp(pattern, 'is'), error);
        if (end?.error) t.match(end.error.hint, /\S/, 'the next step is named');
        if (expected.phase === 'verify') t.ok(reports.length > 0, 'it got as far as its checks');
      });
    }
    t.notMatch(run.stdout + run.stderr, /n0t-s3cret/, 'the database password is in no output');
    t.notMatch(await readFile(eventsFile, 'utf8'), /n0t-s3cret/, 'nor in the events');
    const project = /galley-(red-[0-9a-f]+)-/.exec(JSON.stringify(events))?.[1];
    t.ok(project, 'the names of containers carry the project');
    t.same(await leftovers(project), [], 'nothing is left behind');
  },
);
