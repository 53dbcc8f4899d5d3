import { holds } from '../../src/checks/holds.ts';
import { judgeExists } from '../../src/checks/judge-exists.ts';
import { judgeValue } from '../../src/checks/judge-value.ts';
import { describeMatcher, type Matcher } from '../../src/checks/matchers.ts';
import { redactText } from '../../src/checks/redact.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { didYouMean } from '../../src/core/did-you-mean.ts';
import type { CronFact } from '../../src/core/system-facts.ts';
import { expandSchedule } from './schedule.ts';
import type { CronSpec } from './schema.ts';

export interface CronFacts {
  readonly jobs: readonly CronFact[];
  readonly via: string;
}

/** Short words for titles. */
export function selectorText(spec: CronSpec): string {
  const { command, user, file } = { user: undefined, file: undefined, ...spec.cron };
  return [command, user && `of ${user}`, file && `in ${file}`].filter(Boolean).join(' ');
}

/** Pure. Jobs that can never run do not count as there: they are what a failure is explained with. */
export function judgeCron(spec: CronSpec, { jobs, via }: CronFacts): CheckResult[] {
  const selected = jobs.filter((job) => isSelected(spec, job));
  const live = selected.filter((job) => job.ignored === undefined);
  const dead = selected.filter((job) => job.ignored !== undefined);
  const source = `crontabs, /etc/cron.*, timers, via ${via}`;
  const existence = judgeExists({
    wanted: spec.exists,
    found: live.length > 0,
    observed: live.map(describe).join('; '),
    source,
    notes: [
      ...dead.map((job) => `${describe(job)} never runs: ${job.ignored}`),
      ...(dead.length === 0 ? nearest(spec, jobs) : []),
    ],
  });
  const isCounted = spec.count !== undefined && spec.exists === undefined;
  if (spec.count && isCounted && live.length === 0)
    return [judgeValue('count', 0, spec.count, { source, notes: nearest(spec, jobs) })];
  if (existence.outcome !== 'pass' || live.length === 0) return [existence];
  const results = [existence];
  if (spec.count)
    results.push(judgeValue('count', live.length, spec.count, { source, notes: live.map(describe) }));
  if (spec.schedule) {
    const wanted = spec.schedule;
    results.push(judgeEach('schedule', live, wanted, source, (job) => isScheduled(job, wanted)));
  }
  for (const property of ['user', 'command', 'file'] as const) {
    const wanted = spec[property];
    if (wanted)
      results.push(judgeEach(property, live, wanted, source, (job) => holds(job[property], wanted)));
  }
  return results;
}

function isSelected(spec: CronSpec, job: CronFact): boolean {
  const { command, user, file } = { user: undefined, file: undefined, ...spec.cron };
  return (
    (command === undefined || job.command.includes(command)) &&
    (user === undefined || job.user === user) &&
    (file === undefined || job.file === file)
  );
}

/** `@daily` and `0 0 * * *` are the same. */
function isScheduled(job: CronFact, wanted: Matcher): boolean {
  return holds(job.schedule, wanted) || holds(expandSchedule(job.schedule), normal(wanted));
}

function normal(wanted: Matcher): Matcher {
  if (wanted.kind !== 'equal' || typeof wanted.value !== 'string') return wanted;
  return { kind: 'equal', value: expandSchedule(wanted.value) };
}

function judgeEach(
  property: 'schedule' | 'user' | 'command' | 'file',
  jobs: readonly CronFact[],
  wanted: Matcher,
  source: string,
  isMet: (job: CronFact) => boolean,
): CheckResult {
  const bad = jobs.filter((job) => !isMet(job));
  const shown = (job: CronFact): string => redactText(JSON.stringify(job[property] ?? ''));
  const observed =
    bad.length === 0
      ? [...new Set(jobs.map(shown))].join(', ')
      : jobs.length === 1
        ? shown(jobs[0] as CronFact)
        : `${jobs.length - bad.length} of ${jobs.length} so; ${bad.map((job) => `${job.file}: ${shown(job)}`).join(', ')}`;
  return {
    property,
    outcome: bad.length === 0 ? 'pass' : 'fail',
    expected: describeMatcher(wanted),
    observed,
    source,
    ...(bad.length > 0 && { notes: bad.slice(0, 3).map(describe) }),
  };
}

function describe(job: CronFact): string {
  const command = job.command.length > 120 ? `${job.command.slice(0, 120)}…` : job.command;
  return redactText(`${job.schedule} ${command} (${job.user ?? 'no user'}, ${job.file})`);
}

function nearest(spec: CronSpec, jobs: readonly CronFact[]): string[] {
  const { command = '' } = { command: undefined, ...spec.cron };
  const near = didYouMean(
    command,
    jobs.map((job) => job.command),
  );
  const job = near === undefined ? undefined : jobs.find((one) => one.command === near);
  if (job) return [`nearest: ${describe(job)}`];
  const same = jobs.filter((one) => command !== '' && one.command.includes(command));
  if (same.length > 0) return same.slice(0, 3).map((one) => `elsewhere: ${describe(one)}`);
  return [jobs.length === 0 ? 'there are no jobs at all' : `there are ${jobs.length} other jobs`];
}
