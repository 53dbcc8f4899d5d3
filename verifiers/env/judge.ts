import { describeMatcher } from '../../src/checks/describe-matcher.ts';
import { match } from '../../src/checks/matchers.ts';
import { describeSelector } from '../../src/checks/probe/process-selector.ts';
import { nothingSelected } from '../../src/checks/probe/select-processes.ts';
import { judgeStartedAfter } from '../../src/checks/probe/started-after.ts';
import { shownVariable } from '../../src/checks/shown-variable.ts';
import { type UrlParts, urlParts, whyNoUrl } from '../../src/checks/url-parts.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { cannotRead, describeBad } from './describe-readings.ts';
import { describeSource, type EnvFacts, type Reading, readings } from './facts.ts';
import { judgeUnit } from './judge-unit.ts';
import { failureNotes, passNotes } from './notes.ts';
import type { EnvSpec } from './schema.ts';
import { rightWords, wantedWords, wrongWords } from './words.ts';

/**
 * Every selected process is judged. One that is wrong makes the property fail; otherwise one that could not be read
 * makes it an error. What may be secret appears as length and equality only (`shownVariable`). Pure.
 */
export function judgeEnv(spec: EnvSpec, facts: EnvFacts): CheckResult[] {
  const read = readings(spec, facts);
  const source = describeSource(spec, read, facts);
  if (read.length === 0) return [noProcess(spec, facts)];
  const wanted = spec.value ?? spec.each;
  const results: CheckResult[] = [];
  if (wanted)
    results.push(
      judgeAll(spec, facts, read, source, 'value', wantedWords(spec.env.key, wanted), (value) =>
        wrongWords(spec.env.key, value, wanted),
      ),
    );
  if (spec.url) results.push(...judgeUrl(spec, facts, read, source, spec.url));
  if (spec.changedSinceExec !== undefined) results.push(judgeChanged(spec.changedSinceExec, facts, read));
  const isBare = results.length === 0 && spec.unitValue === undefined && spec.startedAfter === undefined;
  if (spec.set !== undefined || isBare) {
    const mustBeSet = spec.set ?? true;
    const isSet = (value: string | null): string | undefined => {
      if ((value !== null) === mustBeSet) return undefined;
      return value === null
        ? 'not set'
        : `set (${shownVariable(spec.env.key, value) ?? `${value.length} chars`})`;
    };
    results.push(judgeAll(spec, facts, read, source, 'set', mustBeSet ? 'set' : 'not set', isSet));
  }
  if (spec.unitValue) results.push(judgeUnit(spec, facts, read, spec.unitValue));
  if (spec.startedAfter !== undefined) {
    const processes = read.map((one) => one.process);
    results.push(judgeStartedAfter(spec.startedAfter, facts.file, processes, `/proc, via ${facts.via}`));
  }
  return saidOnce(results);
}

/** The same evidence explains several properties: it is said of the first. */
function saidOnce(results: readonly CheckResult[]): CheckResult[] {
  const said = new Set<string>();
  return results.map(({ notes, ...result }) => {
    const fresh = (notes ?? []).filter((note) => !said.has(note));
    for (const note of fresh) said.add(note);
    return { ...result, ...(fresh.length > 0 && { notes: fresh }) };
  });
}

function noProcess(spec: EnvSpec, facts: EnvFacts): CheckResult {
  const who = describeSelector(spec.env.of);
  return {
    property: 'of',
    outcome: 'fail',
    expected: `of ${who}: at least one process`,
    observed: `no process is ${who}`,
    source: `/proc, via ${facts.via}`,
    notes: nothingSelected(facts.processes, spec.env.of),
  };
}

/** Undefined when right, else what is wrong, in words; the value only if it is plain. */
type Wrong = (value: string | null) => string | undefined;

function judgeAll(
  spec: EnvSpec,
  facts: EnvFacts,
  read: readonly Reading[],
  source: string,
  property: string,
  words: string,
  wrong: Wrong,
): CheckResult {
  const expected = read.length === 1 ? words : `${words} in each of ${read.length} processes`;
  const judged = read.filter((one) => one.value !== undefined);
  const bad = judged.flatMap((one) => {
    const what = one.value === undefined ? undefined : wrong(one.value);
    return what === undefined ? [] : [{ ...one, wrong: what }];
  });
  const unread = read.filter((one) => one.value === undefined);
  if (bad.length > 0) {
    const notes = failureNotes(
      spec,
      facts,
      read,
      bad.map((one) => one.process.pid),
    );
    return { property, outcome: 'fail', expected, observed: describeBad(judged.length, bad), source, notes };
  }
  if (unread.length > 0) return cannotRead(property, expected, unread, read.length, source);
  const values = new Set(judged.map((one) => one.value));
  const [value] = values;
  const observed =
    values.size !== 1 || value === undefined
      ? 'as expected'
      : value === null
        ? 'not set'
        : rightWords(spec.env.key, value);
  const notes = passNotes(spec, read);
  return { property, outcome: 'pass', expected, observed, source, ...(notes.length > 0 && { notes }) };
}

/** Whether what getenv sees now is what the process was started with. */
function judgeChanged(wanted: boolean, facts: EnvFacts, read: readonly Reading[]): CheckResult {
  const property = 'changedSinceExec';
  const source = `live environ and /proc/PID/environ of ${read.length} processes, via ${facts.via}`;
  const expected = wanted ? 'changed since start' : 'as at start';
  const unread = read.flatMap((one) => {
    const error = one.fact === undefined ? one.error : (one.fact.liveError ?? one.fact.atExecError);
    return error === undefined ? [] : [{ ...one, error }];
  });
  const bad = read.flatMap((one) => {
    const { live, atExec } = one.fact ?? {};
    if (live === undefined || atExec === undefined || (live !== atExec) === wanted) return [];
    return [{ ...one, wrong: howChanged(live, atExec) }];
  });
  if (bad.length > 0) {
    const observed = describeBad(read.length - unread.length, bad);
    return { property, outcome: 'fail', expected, observed, source };
  }
  if (unread.length > 0) return cannotRead(property, expected, unread, read.length, source);
  return { property, outcome: 'pass', expected, observed: expected, source };
}

function howChanged(live: string | null, atExec: string | null): string {
  if (live === atExec) return live === null ? 'as at start (not set)' : 'as at start';
  if (atExec === null) return 'set since start (putenv)';
  return live === null ? 'removed since start (unsetenv)' : 'given another value since start';
}

function judgeUrl(
  spec: EnvSpec,
  facts: EnvFacts,
  read: readonly Reading[],
  source: string,
  url: NonNullable<EnvSpec['url']>,
): CheckResult[] {
  return (['scheme', 'host', 'port', 'user', 'db', 'password'] as const).flatMap((part) => {
    const wanted = url[part];
    if (!wanted) return [];
    const words = describeMatcher(wanted, part === 'password' ? { secret: true } : {});
    const wrong: Wrong = (value) => {
      if (value === null) return 'not set';
      const parts = urlParts(value);
      if (!parts) return whyNoUrl(value);
      const options = isSecret(parts, part) ? { secret: true } : {};
      const result = match(partOf(parts, part), wanted, options);
      return result.ok ? undefined : `${part} ${result.observed}`;
    };
    return [judgeAll(spec, facts, read, source, `url.${part}`, words, wrong)];
  });
}

/** A login without a password may be a token (`https://TOKEN@host`). */
function isSecret(parts: UrlParts, part: keyof UrlParts): boolean {
  return part === 'password' || (part === 'user' && parts.password === undefined);
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  redis: 6379,
  http: 80,
  https: 443,
  amqp: 5672,
  mongodb: 27017,
};

/** A port that is not written is the scheme's own (`postgresql+psycopg2` counts as `postgresql`). */
function partOf(parts: UrlParts, part: keyof UrlParts): unknown {
  if (part !== 'port' || parts.port !== undefined) return parts[part];
  return DEFAULT_PORTS[parts.scheme.replace(/\+.*$/, '')];
}
