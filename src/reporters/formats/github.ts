import { isBad } from '../../core/check.ts';
import { type Case, casesOf, labelOf } from '../model/cases.ts';
import { verdict } from '../model/counts.ts';
import type { RunReport } from '../model/run-report.ts';

/** GitHub shows this many of each level per step and drops the rest without a word. */
const PER_LEVEL = 10;
/** An annotation's text is cut by GitHub somewhere above; a page of text helps nobody there. */
const LONGEST = 4000;

/**
 * Annotations as workflow commands. The first one counts, since the others may be dropped. Source: GitHub's workflow-commands reference.
 */
export function renderAnnotations(
  report: RunReport,
  toRepository: (file: string) => string = (file) => file,
): string {
  const cases = report.instances.flatMap((instance) => casesOf(instance));
  const bad = cases.filter(isBad);
  const notable = cases.filter((one) => one.flaky || one.outcome === 'waived');
  const didPass = report.instances.every((one) => one.outcome === 'passed') && bad.length === 0;
  const isOver = report.exitCode !== undefined;
  const counted = didPass && isOver ? [] : [command('error', { title: 'galley' }, verdict(report))];
  const errors = bad.slice(0, PER_LEVEL - 1).map((one) => annotation('error', one, toRepository));
  const warnings = notable.slice(0, PER_LEVEL).map((one) => annotation('warning', one, toRepository));
  const lines = [...counted, ...errors, ...warnings];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function annotation(level: string, one: Case, toRepository: (file: string) => string): string {
  const { location, instance } = one;
  const properties = {
    file: location && toRepository(location.file),
    line: location?.line?.toString(),
    title: `${instance}: ${labelOf(one)}`,
  };
  const text = one.text === '' ? one.message : one.text;
  return command(level, properties, text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/** One workflow command. */
export function command(
  name: string,
  properties: Readonly<Record<string, string | undefined>>,
  text: string,
): string {
  const written = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(value ?? '')}`)
    .join(',');
  return `::${name}${written === '' ? '' : ` ${written}`}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
