import { relative, resolve } from 'node:path';
import { isBad } from '../../core/check.ts';
import { leadsOut } from '../../core/paths.ts';
import { type Case, casesOf } from '../model/cases.ts';
import type { InstanceReport, RunReport } from '../model/run-report.ts';
import { capCases } from './cap-cases.ts';
import { type Attributes, element, escapeText } from './xml.ts';

export interface JunitOptions {
  /** Folder of the kitchen: attachments are written relative to it, as GitLab wants them. */
  readonly root: string;
  /** Most cases of the whole run; what fails is kept first. AWS CodeBuild takes 500 in a report. */
  readonly maxCases?: number | undefined;
}

/**
 * JUnit XML as GitLab, Jenkins, CodeBuild and the GitHub actions read it; there is no standard. Each failure has its
 * text as `message` (Jenkins) and as content (GitLab); `classname` is `instance.type`, because Jenkins splits at the
 * last dot; flaky passes are `flakyFailure`; waived ones are skipped with their reason.
 */
export function renderJunit(report: RunReport, options: JunitOptions): string {
  const suites = suitesOf(report, options);
  return document(report, suites);
}

/** The same, a document per instance: `name` is the instance's. */
export function renderJunitFiles(
  report: RunReport,
  options: JunitOptions,
): readonly { readonly name: string; readonly content: string }[] {
  return suitesOf(report, options).map((suite) => ({
    name: suite.instance.name,
    content: document(report, [suite]),
  }));
}

interface Suite {
  readonly instance: InstanceReport;
  readonly cases: readonly Case[];
  readonly xml: string;
}

function suitesOf(report: RunReport, options: JunitOptions): readonly Suite[] {
  const all = report.instances.map((instance) => casesOf(instance));
  const kept = options.maxCases === undefined ? all : capCases(all, options.maxCases);
  return report.instances.map((instance, i) => {
    const cases = kept[i] ?? [];
    return { instance, cases, xml: suiteXml(report, instance, cases, options) };
  });
}

function document(report: RunReport, suites: readonly Suite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  const attributes = { name: `galley ${report.command}`, ...totals(cases), time: seconds(report.durationMs) };
  const body = suites.map((suite) => `\n${suite.xml}`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, `${body}\n`)}\n`;
}

function suiteXml(
  report: RunReport,
  instance: InstanceReport,
  cases: readonly Case[],
  options: JunitOptions,
): string {
  const { name, startMs = 0, endMs = report.durationMs, outcome } = instance;
  const started = new Date(Date.parse(report.started) + startMs);
  const attributes = {
    name,
    ...totals(cases),
    time: seconds(Math.max(0, endMs - startMs)),
    // Without zone: the strict schema forbids one.
    timestamp: started.toISOString().slice(0, 19),
    hostname: name,
  };
  const facts = { run: report.runId, command: report.command, outcome };
  const properties = Object.entries(facts).map(([key, value]) => element('property', { name: key, value }));
  const lines = [
    element('properties', {}, properties.join('')),
    ...cases.map((one) => caseXml(one, instance, options)),
  ];
  return element('testsuite', attributes, `\n${lines.map((line) => ` ${line}\n`).join('')}`);
}

function caseXml(one: Case, instance: InstanceReport, options: JunitOptions): string {
  const attributes = {
    classname: `${one.instance.replaceAll('.', '-')}.${one.group.replaceAll('.', '-')}`,
    name: one.name,
    time: seconds(one.durationMs),
    file:
      one.location && (insideOf(options.root, resolve(options.root, one.location.file)) ?? one.location.file),
    line: one.location?.line,
  };
  const log = isBad(one) ? insideOf(options.root, instance.logFile) : undefined;
  const attached = log === undefined ? '' : element('system-out', {}, escapeText(`[[ATTACHMENT|${log}]]`));
  return element('testcase', attributes, `${outcomeXml(one)}${attached}`);
}

/** A log of another machine, or kept elsewhere, cannot be attached. */
function insideOf(root: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const path = relative(root, file);
  return leadsOut(path) ? undefined : path;
}

function outcomeXml(one: Case): string {
  const { message, kind: type, text } = one;
  const facts: Attributes = { type, message };
  const content = escapeText(text === '' ? message : text);
  switch (one.outcome) {
    case 'fail':
      return element('failure', facts, content);
    case 'error':
      return element('error', facts, content);
    case 'skip':
    case 'waived':
      return element('skipped', { message }, content);
    default:
      return one.flaky ? element('flakyFailure', facts, content) : '';
  }
}

function totals(cases: readonly Case[]): Attributes {
  const count = (...outcomes: readonly Case['outcome'][]): number =>
    cases.filter((one) => outcomes.includes(one.outcome)).length;
  return {
    tests: cases.length,
    failures: count('fail'),
    errors: count('error'),
    skipped: count('skip', 'waived'),
  };
}

/** Never in scientific notation. */
function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
