import { describeMatcher } from '../../src/checks/describe-matcher.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matcher.ts';
import { match } from '../../src/checks/matchers.ts';
import { describeSelector } from '../../src/checks/probe/process-selector.ts';
import { describeProcess, nothingSelected } from '../../src/checks/probe/select-processes.ts';
import { judgeStartedAfter } from '../../src/checks/probe/started-after.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { describeSource, type EnvFacts, type Reading, readings, unitNamed } from './facts.ts';
import { failureNotes, passNotes } from './notes.ts';
import type { EnvSpec } from './schema.ts';
import { type UrlParts, urlDifference, urlParts } from './url-parts.ts';

/**
 * Every selected process is judged. One that is wrong makes the property fail; otherwise one that could not be read
 * makes it an error. Values appear as length and equality only. Pure.
 */
export function judgeEnv(spec: EnvSpec, facts: EnvFacts): CheckResult[] {
  const read = readings(spec, facts);
  const source = describeSource(spec, read, facts.via);
  if (read.length === 0) return [noProcess(spec, facts)];
  const wanted = spec.value ?? spec.each;
  const results: CheckResult[] = [];
  if (wanted)
    results.push(
      judgeAll(spec, facts, read, source, 'value', describeMatcher(wanted, { secret: true }), (value) =>
        compare(value, wanted),
      ),
    );
  if (spec.url) results.push(...judgeUrl(spec, facts, read, source, spec.url));
  const isBare = results.length === 0 && spec.unitValue === undefined && spec.startedAfter === undefined;
  if (spec.set !== undefined || isBare) {
    const mustBeSet = spec.set ?? true;
    const isSet = (value: string | null): string | undefined => {
      if ((value !== null) === mustBeSet) return undefined;
      return value === null ? 'not set' : `set (${value.length} chars)`;
    };
    results.push(judgeAll(spec, facts, read, source, 'set', mustBeSet ? 'set' : 'not set', isSet));
  }
  if (spec.unitValue) results.push(judgeUnit(spec, facts, read, spec.unitValue));
  if (spec.startedAfter !== undefined) {
    const processes = read.map((one) => one.process);
    results.push(judgeStartedAfter(spec.startedAfter, facts.file, processes, `/proc, via ${facts.via}`));
  }
  return results;
}

function noProcess(spec: EnvSpec, facts: EnvFacts): CheckResult {
  const who = describeSelector(spec.env.of);
  return {
    property: 'of',
    outcome: 'fail',
    expected: `${who} running`,
    observed: `no process is ${who}`,
    source: `/proc, via ${facts.via}`,
    notes: nothingSelected(facts.processes, spec.env.of),
  };
}

/** Undefined when right, else what is wrong, in words without the value. */
type Wrong = (value: string | null) => string | undefined;

function compare(value: string | null, wanted: Matcher): string | undefined {
  const result = match(value, wanted, { secret: true });
  if (result.ok) return undefined;
  if (value === null) return 'not set';
  const expected = typeof wanted === 'object' && wanted.kind === 'equal' ? String(wanted.value) : undefined;
  const parts = expected === undefined ? undefined : urlDifference(value, expected);
  if (parts !== undefined) return parts;
  return expected === undefined
    ? result.observed
    : `differs (${value.length} chars, expected ${expected.length})`;
}

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
  const judged = read.flatMap((one) =>
    one.value === undefined ? [] : [{ ...one, wrong: wrong(one.value) }],
  );
  const bad = judged.filter((one) => one.wrong !== undefined);
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
    value === null ? 'not set' : values.size === 1 ? `as expected (${value?.length} chars)` : 'as expected';
  const notes = passNotes(spec, read);
  return { property, outcome: 'pass', expected, observed, source, ...(notes.length > 0 && { notes }) };
}

/** Processes with the same trouble are named together. */
function describeBad(
  judged: number,
  bad: readonly (Reading & { readonly wrong: string | undefined })[],
): string {
  const ok = judged - bad.length;
  const lines = [...new Set(bad.map((one) => one.wrong))].map((what) => {
    const group = bad.filter((one) => one.wrong === what);
    const who = group
      .slice(0, 5)
      .map((one) => describeProcess(one.process))
      .join(', ');
    return `${who}${group.length > 5 ? ` and ${group.length - 5} more` : ''}: ${what}`;
  });
  return `${ok > 0 ? `${ok} of ${judged} ok; ` : ''}${lines.join('; ')}`;
}

function cannotRead(
  property: string,
  expected: string,
  unread: readonly Reading[],
  all: number,
  source: string,
): CheckResult {
  const first = unread[0];
  const who = unread
    .slice(0, 5)
    .map((one) => `pid ${one.process.pid}`)
    .join(', ');
  const why = `${unread.length} of ${all} processes (${who}): ${first?.error ?? 'unknown'}`;
  const result = cannotLook(property, expected, why, source);
  if (!first?.error?.includes('static')) return result;
  const block = first.fact?.atExec;
  const there =
    block === undefined
      ? 'could not be read either'
      : block === null
        ? 'does not have it'
        : `has it (${block.length} chars)`;
  return { ...result, notes: [`the block at start ${there}; source: exec reads that one`] };
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
    const options = part === 'password' ? { secret: true } : {};
    const wrong: Wrong = (value) => {
      if (value === null) return 'not set';
      const parts = urlParts(value);
      if (!parts) return `no URL (${value.length} chars)`;
      const result = match(partOf(parts, part), wanted, options);
      return result.ok ? undefined : `${part} ${result.observed}`;
    };
    return [judgeAll(spec, facts, read, source, `url.${part}`, describeMatcher(wanted, options), wrong)];
  });
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

function judgeUnit(spec: EnvSpec, facts: EnvFacts, read: readonly Reading[], wanted: Matcher): CheckResult {
  const name = spec.env.of.unit ?? read.find((one) => one.process.unit !== undefined)?.process.unit;
  const expected = describeMatcher(wanted, { secret: true });
  const unit = name === undefined ? undefined : unitNamed(facts.units, name);
  const source = `Environment= of ${name ?? 'no unit'}, via ${facts.via}`;
  if (name === undefined)
    return cannotLook('unitValue', expected, 'the selected processes belong to no unit', source);
  if (!unit?.known)
    return cannotLook('unitValue', expected, `the service manager does not know ${name}`, source);
  const notes = unit.needsReload ? [`the unit file of ${name} changed on disk: systemctl daemon-reload`] : [];
  return judgeValue('unitValue', unit.environment[spec.env.key] ?? null, wanted, {
    secret: true,
    source,
    notes,
  });
}
