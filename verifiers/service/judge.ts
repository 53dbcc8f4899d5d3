import { asMeant } from '../../src/checks/as-meant.ts';
import { cannotLook, judgeValue } from '../../src/checks/judge-value.ts';
import type { Matcher } from '../../src/checks/matcher.ts';
import { describeMatcher } from '../../src/checks/matchers.ts';
import { clockTime } from '../../src/checks/probe/select-processes.ts';
import { describeValue, isSecretName } from '../../src/checks/redact.ts';
import type { CheckResult } from '../../src/core/check.ts';
import { plural } from '../../src/core/plural.ts';
import type { ProcessFact, UnitFact } from '../../src/core/snapshot.ts';
import type { ServiceSpec } from './schema.ts';

export interface ServiceFacts {
  readonly unit: UnitFact | undefined;
  /** Its main process, when that runs. */
  readonly main: ProcessFact | undefined;
  /** Bad entries of its journal; undefined when it was not asked. */
  readonly complaints?: readonly string[] | undefined;
  readonly via: string;
}

const MANAGERS = {
  systemd: 'systemd',
  sysv: 'init scripts',
  runit: 'runit',
  none: 'no service manager',
} as const;

/** Pure. A unit that the manager does not know is an error, unless `exists` is given: a typo is never a pass. */
export function judgeService(spec: ServiceSpec, facts: ServiceFacts): CheckResult[] {
  const { unit } = facts;
  if (unit === undefined)
    return [cannotLook('exists', 'known', 'the service manager gave no answer', facts.via)];
  const source = `${MANAGERS[unit.manager]}, via ${facts.via}`;
  if (spec.exists === false) {
    const outcome = unit.known ? 'fail' : 'pass';
    return [
      {
        property: 'exists',
        outcome,
        expected: 'not known',
        observed: unit.known ? state(unit) : 'not known',
        source,
      },
    ];
  }
  if (!unit.known) return [unknown(spec, unit, source)];
  const notes = notesOf(unit);
  const results: CheckResult[] = [];
  const judged = (property: string, actual: unknown, wanted: Matcher | undefined): void => {
    if (wanted !== undefined) results.push(judgeValue(property, actual, wanted, { source, notes }));
  };
  if (spec.exists)
    results.push({ property: 'exists', outcome: 'pass', expected: 'known', observed: state(unit), source });
  // A unit that is only asked for `enabled` or `restarts` must run all the same: dead and green would be a lie.
  if (spec.active !== undefined || !asksForItsEnd(spec))
    results.push(judgeActive(spec.active ?? true, unit, source, notes));
  if (spec.enabled !== undefined) results.push(judgeEnabled(spec.enabled, unit, source));
  judged('sub', unit.sub, spec.sub);
  if (spec.restarts !== undefined || spec.result !== undefined || spec.needsReload !== undefined) {
    results.push(...judgeSystemd(spec, unit, source, notes));
  }
  results.push(...judgeProps(spec, unit, source));
  if (spec.logsClean !== undefined && spec.logsClean !== false)
    results.push(judgeLogs(spec.logsClean, facts, unit, source));
  if (spec.mainPid !== undefined) results.push(judgeMainPid(spec.mainPid.alive, facts, unit, source, notes));
  return results;
}

/** Attributes that say themselves what state the unit is in. */
function asksForItsEnd(spec: ServiceSpec): boolean {
  const { sub, result, mainPid, unitProps = {} } = spec;
  return (
    sub !== undefined ||
    result !== undefined ||
    mainPid?.alive === false ||
    'ActiveState' in unitProps ||
    'SubState' in unitProps
  );
}

function unknown(spec: ServiceSpec, unit: UnitFact, source: string): CheckResult {
  return {
    property: 'exists',
    outcome: spec.exists ? 'fail' : 'error',
    expected: 'known',
    observed: `${MANAGERS[unit.manager]}: no unit ${spec.service}`,
    source,
    notes: ['check the spelling; if it must not be there, write exists: false'],
  };
}

function judgeActive(
  wanted: boolean | Matcher,
  unit: UnitFact,
  source: string,
  notes: readonly string[],
): CheckResult {
  if (typeof wanted !== 'boolean') return judgeValue('active', unit.active, wanted, { source, notes });
  // A unit on its way up, or in a loop of restarts, is neither active nor not active.
  const states = wanted ? ['active', 'reloading'] : ['inactive', 'failed'];
  const ok = states.includes(unit.active);
  const expected = wanted ? 'active' : 'not active';
  return {
    property: 'active',
    outcome: ok ? 'pass' : 'fail',
    expected,
    observed: state(unit),
    source,
    ...(!ok && notes.length > 0 && { notes }),
  };
}

/** What systemctl is-enabled counts as enabled (exit code 0), see systemctl(1). */
const ENABLED = ['enabled', 'enabled-runtime', 'static', 'alias', 'indirect', 'generated'];

function judgeEnabled(wanted: boolean | Matcher, unit: UnitFact, source: string): CheckResult {
  if (typeof wanted !== 'boolean') return judgeValue('enabled', unit.enabled, wanted, { source });
  const ok = ENABLED.includes(unit.enabled) === wanted;
  return {
    property: 'enabled',
    outcome: ok ? 'pass' : 'fail',
    expected: wanted ? 'enabled' : 'not enabled',
    observed: unit.enabled || 'not enabled',
    source,
  };
}

function judgeSystemd(
  spec: ServiceSpec,
  unit: UnitFact,
  source: string,
  notes: readonly string[],
): CheckResult[] {
  const ask: [string, unknown, Matcher | undefined][] = [
    ['restarts', unit.restarts, spec.restarts],
    ['result', unit.result, spec.result],
    [
      'needsReload',
      unit.needsReload,
      spec.needsReload === undefined ? undefined : { kind: 'equal', value: spec.needsReload },
    ],
  ];
  return ask.flatMap(([property, actual, wanted]) => {
    if (wanted === undefined) return [];
    if (unit.manager !== 'systemd')
      return [cannotLook(property, 'known', `${MANAGERS[unit.manager]} does not say`, source)];
    return [judgeValue(property, actual, wanted, { source, notes })];
  });
}

function judgeProps(spec: ServiceSpec, unit: UnitFact, source: string): CheckResult[] {
  return Object.entries(spec.unitProps ?? {}).map(([name, wanted]) => {
    const property = `unitProps.${name}`;
    if (!unit.props)
      return cannotLook(
        property,
        describeMatcher(wanted),
        `${MANAGERS[unit.manager]} has no properties`,
        source,
      );
    const value = Object.hasOwn(unit.props, name) ? unit.props[name] : undefined;
    const notes = value === undefined ? ['systemd knows no such property of this unit'] : [];
    const secret = isSecretName(name) || name.startsWith('Environment');
    return judgeValue(property, asMeant(value, wanted), wanted, { source, notes, secret });
  });
}

function judgeLogs(level: true | string, facts: ServiceFacts, unit: UnitFact, source: string): CheckResult {
  const property = 'logsClean';
  const expected = `nothing of level ${level === true ? 'err' : level} or worse since it was started`;
  const { complaints } = facts;
  if (!complaints)
    return cannotLook(property, expected, `${MANAGERS[unit.manager]} keeps no journal`, source);
  if (complaints.length === 0) return { property, outcome: 'pass', expected, observed: 'nothing', source };
  const shown = complaints.slice(0, 5).map((line) => describeValue(line));
  const more = complaints.length > 5 ? [`and ${complaints.length - 5} more`] : [];
  const observed = plural(complaints.length, 'entry', 'entries');
  return { property, outcome: 'fail', expected, observed, source, notes: [...shown, ...more] };
}

function judgeMainPid(
  alive: boolean,
  facts: ServiceFacts,
  unit: UnitFact,
  source: string,
  notes: readonly string[],
): CheckResult {
  const { main } = facts;
  if (unit.manager === 'sysv' && unit.mainPid === 0) {
    return cannotLook(
      'mainPid.alive',
      alive ? 'alive' : 'not alive',
      `no pid file of ${unit.unit} is known`,
      source,
    );
  }
  const isAlive = main !== undefined && main.state !== 'Z';
  const observed = isAlive
    ? `pid ${main.pid} (${main.comm}), started ${clockTime(main.startedAt)}`
    : unit.mainPid === 0
      ? 'no main process'
      : `pid ${unit.mainPid} is ${main ? 'a zombie' : 'gone'}`;
  return {
    property: 'mainPid.alive',
    outcome: isAlive === alive ? 'pass' : 'fail',
    expected: alive ? 'alive' : 'not alive',
    observed,
    source,
    ...(isAlive !== alive && notes.length > 0 && { notes }),
  };
}

function state(unit: UnitFact): string {
  const result = unit.result !== '' && unit.result !== 'success' ? `, result ${unit.result}` : '';
  return `${unit.active}${unit.sub ? ` (${unit.sub})` : ''}${result}`;
}

function notesOf(unit: UnitFact): string[] {
  const notes: string[] = [];
  if (unit.result === 'start-limit-hit')
    notes.push('it failed so often that systemd gave up (start-limit-hit)');
  if (unit.restarts > 0)
    notes.push(`systemd restarted it ${unit.restarts === 1 ? 'once' : `${unit.restarts} times`}`);
  if (unit.needsReload) notes.push('its unit file changed on disk: systemctl daemon-reload, then restart');
  if (unit.active === 'failed') notes.push(`look at: journalctl -u ${unit.unit}`);
  return notes;
}

/** Waiting cannot help when systemd has given up. `failed` is final unless a restart is scheduled (`auto-restart`). */
export function fatalService(spec: ServiceSpec, { unit }: ServiceFacts): string | undefined {
  if (spec.active === false || unit === undefined) return undefined;
  if (unit.result === 'start-limit-hit') return `${unit.unit} hit systemd's start limit`;
  return unit.active === 'failed' ? `${unit.unit} failed (${unit.result || 'no result'})` : undefined;
}
