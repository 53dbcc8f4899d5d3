import pc from 'picocolors';
import { type CheckOutcome, type CheckResult, isBad } from '../../core/check.ts';
import type { ErrorRecord, SourceLocation } from '../../core/errors.ts';
import type { CheckReport } from '../../core/events.ts';
import { expectation, formatCheck } from '../format/check.ts';
import { formatError, labelled } from '../format/error.ts';
import type { InstanceReport, PhaseReport } from './run-report.ts';

/** What a report counts: a check, or a phase. A failed create is a case like any other, else it would not be seen. */
export interface Case {
  readonly instance: string;
  /** `phase`, or the type of the check. */
  readonly group: string;
  /** Unique within instance and group. */
  readonly name: string;
  readonly outcome: CheckOutcome;
  /** What kind of failure: `http.status`, `converge.failed`. */
  readonly kind: string;
  /** One line; empty for a plain pass. */
  readonly message: string;
  /** The whole of it, several lines, as the terminal would show it. Empty for a pass. */
  readonly text: string;
  readonly location?: SourceLocation;
  /** Milliseconds. */
  readonly durationMs: number;
  readonly attempts: number;
  readonly flaky: boolean;
  readonly check?: CheckReport;
}

const PLAIN = pc.createColors(false);

/** What people read: titles mostly begin with their type. */
export function labelOf({ group, name }: Pick<Case, 'group' | 'name'>): string {
  return name === group || name.startsWith(`${group} `) ? name : `${group} ${name}`;
}

/** Phases in the order they were run, then checks in the order they ended. */
export function casesOf(instance: InstanceReport): readonly Case[] {
  const phases = [...phaseCases(instance), ...outsideOfPhases(instance), ...neverReached(instance)];
  return unique([...phases, ...instance.checks.map((check) => checkCase(instance.name, check))]);
}

/** The verify phase is its checks, unless something else broke in it. */
function phaseCases(instance: InstanceReport): readonly Case[] {
  return instance.phases
    .filter((phase) => phase.action !== 'verify' || isOwnFailure(phase))
    .map((phase) => phaseCase(instance, phase));
}

function isOwnFailure({ outcome, error }: PhaseReport): boolean {
  return outcome !== 'passed' && error?.code !== 'verify.failed';
}

function phaseCase(instance: InstanceReport, phase: PhaseReport): Case {
  const { name, durationMs, error, outcome } = phase;
  const common = { instance: instance.name, group: 'phase', name, durationMs, attempts: 1, flaky: false };
  if (outcome === 'passed') return { ...common, outcome: 'pass', kind: 'phase', message: '', text: '' };
  if (error) return { ...common, ...errorFacts(error) };
  const message = outcome === 'unfinished' ? 'it did not end: galley was stopped' : outcome;
  return { ...common, outcome: 'error', kind: `run.${outcome}`, message, text: message };
}

/** The cookbook's failure is a failure, the machine's an error. */
function errorFacts(
  error: ErrorRecord,
): Pick<Case, 'outcome' | 'kind' | 'message' | 'text'> & { readonly location?: SourceLocation } {
  const isFailure = ['converge', 'idempotency', 'verify'].includes(error.kind);
  return {
    outcome: isFailure ? 'fail' : 'error',
    kind: error.code,
    message: firstLine(error.message),
    text: formatError(error, PLAIN, true).join('\n'),
    ...(error.location && { location: error.location }),
  };
}

/** What went wrong before the first phase: a cookbook is missing, the run was cancelled while waiting. */
function outsideOfPhases(instance: InstanceReport): readonly Case[] {
  const isShown = instance.phases.some((phase) => phase.outcome !== 'passed');
  const base = {
    instance: instance.name,
    group: 'phase',
    name: 'prepare',
    durationMs: 0,
    attempts: 1,
    flaky: false,
  };
  if (instance.error && !isShown) return [{ ...base, ...errorFacts(instance.error) }];
  if (instance.outcome !== 'unfinished' || isShown) return [];
  const message = 'it was not begun, or not ended: galley was stopped';
  return [{ ...base, outcome: 'error', kind: 'run.unfinished', message, text: message }];
}

/** A stage that was planned and never begun is said to be skipped: what is not listed looks like nothing is missing. */
function neverReached(instance: InstanceReport): readonly Case[] {
  if (instance.outcome === 'passed') return [];
  const seen = instance.phases.map((phase) => phase.action);
  const broken = instance.phases.find((phase) => phase.outcome !== 'passed')?.name ?? 'prepare';
  // In a suite of several steps an action is planned once for each.
  const missing = instance.planned.filter((action) => {
    const at = seen.indexOf(action);
    if (at >= 0) seen.splice(at, 1);
    return at < 0 && action !== 'setup' && action !== 'destroy';
  });
  return missing.map((name) => {
    const message = `not reached: ${broken} did not pass`;
    const facts = { name, outcome: 'skip', kind: 'phase.not_reached', message, text: message } as const;
    return { instance: instance.name, group: 'phase', durationMs: 0, attempts: 0, flaky: false, ...facts };
  });
}

function checkCase(instance: string, check: CheckReport): Case {
  const { outcome, durationMs, attempts, flaky, location } = check;
  const bad = check.results.find((r) => r.outcome === outcome) ?? check.results[0];
  return {
    instance,
    group: check.type,
    name: check.step === undefined ? check.title : `[${check.step}] ${check.title}`,
    outcome,
    kind: outcome === 'error' ? `${check.type}.could_not_look` : `${check.type}.${bad?.property ?? 'check'}`,
    message: checkMessage(check),
    text: outcome === 'pass' && !flaky ? '' : checkText(check, instance),
    durationMs,
    attempts,
    flaky,
    check,
    ...(location && { location }),
  };
}

function checkMessage(check: CheckReport): string {
  const { outcome, flaky, waiver } = check;
  if (outcome === 'pass') return flaky ? flakyMessage(check) : '';
  if (outcome === 'skip') return firstLine(check.results[0]?.observed ?? 'skipped');
  const bad = check.results.filter(isBad);
  const [first] = bad.length > 0 ? bad : check.results;
  const more = bad.length > 1 ? ` (and ${bad.length - 1} more)` : '';
  const saw = first === undefined ? '' : `expected ${expectation(first)}, observed ${first.observed}`;
  const what = outcome === 'error' ? `could not look: ${first?.observed ?? ''}` : saw;
  const said = `${firstLine(what)}${more}`;
  if (outcome === 'waived' && waiver) return `waived until ${waiver.until}: ${waiver.reason} (${said})`;
  return said;
}

function flakyMessage({ attempts, firstFailure }: CheckReport): string {
  const late = `passed at attempt ${attempts}`;
  if (!firstFailure) return late;
  const { attempt, observed } = firstFailure;
  return firstLine(
    `${late}; attempt ${attempt}: expected ${expectation(firstFailure)}, observed ${observed}`,
  );
}

function checkText(check: CheckReport, instance: string): string {
  // A waived check is shown with all that is wrong with it.
  const isWaived = check.outcome === 'waived';
  const shown = isWaived
    ? { ...check, outcome: 'fail' as const, results: check.results.map(asFailed) }
    : check;
  const lines = formatCheck(shown, PLAIN, instance);
  const { waiver, why, severity } = check;
  if (check.flaky) lines.push(...labelled('flaky', flakyMessage(check)));
  if (severity !== undefined) lines.push(...labelled('severity', severity));
  if (isWaived && waiver) lines.push(...labelled('waived', `until ${waiver.until}: ${waiver.reason}`));
  if (why !== undefined) lines.push(...labelled('why', why));
  return lines.join('\n');
}

function asFailed(result: CheckResult): CheckResult {
  return result.outcome === 'waived' ? { ...result, outcome: 'fail' } : result;
}

function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.length > 500 ? `${line.slice(0, 499)}…` : line;
}

/** GitLab drops a second case of the same name without a word. */
function unique(cases: readonly Case[]): readonly Case[] {
  const seen = new Set<string>();
  return cases.map((one) => {
    let { name } = one;
    for (let count = 2; seen.has(`${one.group}\n${name}`); count += 1) name = `${one.name} #${count}`;
    seen.add(`${one.group}\n${name}`);
    return { ...one, name };
  });
}
