import pc from 'picocolors';
import { showDuration } from '../checks/duration.ts';
import type { CheckDeclaration } from '../core/check.ts';
import type { Redact } from '../core/redactor.ts';
import type { KnownTest } from '../core/test-suite.ts';
import { partsOf, type TestsByKey, testsOfStep } from '../plan/choose-checks.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { formatLocation } from '../reporters/format/error.ts';
import { printable, table } from '../reporters/format/text.ts';
import type { Host } from './host.ts';

/**
 * `verify --list`: the checks that would be run, and makes nothing. The tests of an existing suite are those that the
 * last runs reported (`known`, by instance).
 */
export function listChecks(
  instances: readonly ResolvedInstance[],
  known: ReadonlyMap<string, TestsByKey>,
  host: Host,
  json: boolean,
  redact: Redact,
): number {
  const parts = instances.flatMap(partsOf).map(({ name, resolved }) => ({
    name,
    resolved,
    suite: resolved.suite?.plugin.name,
    tests: testsOf(resolved, known, name),
  }));
  if (json) {
    const rows = parts.map(({ name, resolved: { instance, gates, checks }, suite, tests }) => ({
      instance: instance.name,
      ...(name !== undefined && { step: name }),
      wait: gates.map(rowOf),
      checks: checks.map(rowOf),
      ...(suite !== undefined && {
        suite,
        tests: tests.map(({ id, title, file }) => ({ id, title, file: file ?? null })),
      }),
    }));
    host.stdout.write(`${JSON.stringify(redact(rows), null, 2)}\n`);
    return 0;
  }
  const colors = pc.createColors(host.stdout.color);
  for (const { name, resolved, suite, tests } of parts) {
    const { instance, gates, checks } = resolved;
    host.stdout.write(`${colors.bold(instance.name)}${name === undefined ? '' : `, step ${name}`}\n`);
    const own = [...gates, ...checks].map((one) => [
      `  ${one.id}`,
      printable(one.title),
      one.tags.join(' '),
      notesOf(one),
      one.location ? formatLocation(one.location) : '',
    ]);
    const others = tests.map((one) => [`  ${one.id}`, printable(one.title), '', '', one.file ?? '']);
    const cells = [...own, ...others];
    const lines = cells.length === 0 ? [] : table([['  id', 'check', 'tags', 'when', 'at'], ...cells]);
    if (suite !== undefined && tests.length === 0)
      lines.push(`  the tests of ${suite} are known after a galley verify`);
    for (const line of lines) host.stdout.write(`${redact(line)}\n`);
  }
  return 0;
}

/** What is chosen of them, or all that are known. */
function testsOf(
  { suite, instance }: ResolvedInstance,
  known: ReadonlyMap<string, TestsByKey>,
  step: string | undefined,
): readonly KnownTest[] {
  if (suite === undefined) return [];
  return suite.only ?? testsOfStep(known.get(instance.name), step);
}

function rowOf(one: CheckDeclaration) {
  const { id, type, title, tags, severity, skip, waiver, depends = [], location, why } = one;
  return {
    id,
    type,
    title,
    tags,
    why: why ?? null,
    severity: severity ?? null,
    skip: skip ?? null,
    waiver: waiver ?? null,
    depends,
    location: location ?? null,
  };
}

function notesOf({ skip, timing, repeat, consistently, condition, waiver, depends = [] }: CheckDeclaration) {
  if (skip !== undefined) return `skipped: ${skip}`;
  const parts = [
    ...(timing.mode === 'eventually' ? [`within ${showDuration(timing.withinMs)}`] : []),
    ...(repeat ? [`×${repeat.times}`] : []),
    ...(consistently ? [`for ${showDuration(consistently.forMs)}`] : []),
    ...(condition ? ['if …'] : []),
    ...(depends.length > 0 ? [`after ${depends.join(', ')}`] : []),
    ...(waiver ? [`waived until ${waiver.until}`] : []),
  ];
  return parts.join(', ');
}
