import pc from 'picocolors';
import { showDuration } from '../checks/duration.ts';
import type { CheckDeclaration } from '../core/check.ts';
import { partsOf } from '../plan/choose-checks.ts';
import type { ResolvedInstance } from '../plan/resolve.ts';
import { formatLocation } from '../reporters/format/error.ts';
import { printable, table } from '../reporters/format/text.ts';
import type { Host } from './host.ts';

/** `verify --list`: the checks that would be run, and makes nothing. */
export function listChecks(instances: readonly ResolvedInstance[], host: Host, json: boolean): number {
  if (json) {
    const rows = instances.flatMap(partsOf).map(({ name, resolved: { instance, gates, checks } }) => ({
      instance: instance.name,
      ...(name !== undefined && { step: name }),
      wait: gates.map(rowOf),
      checks: checks.map(rowOf),
    }));
    host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  }
  const colors = pc.createColors(host.stdout.color);
  for (const { name, resolved } of instances.flatMap(partsOf)) {
    const { instance, gates, checks } = resolved;
    host.stdout.write(`${colors.bold(instance.name)}${name === undefined ? '' : `, step ${name}`}\n`);
    const cells = [...gates, ...checks].map((one) => [
      `  ${one.id}`,
      printable(one.title),
      one.tags.join(' '),
      notesOf(one),
      one.location ? formatLocation(one.location) : '',
    ]);
    for (const line of table([['  id', 'check', 'tags', 'when', 'at'], ...cells])) {
      host.stdout.write(`${line}\n`);
    }
  }
  return 0;
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
