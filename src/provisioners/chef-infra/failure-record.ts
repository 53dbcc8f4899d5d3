import type { ErrorRecord } from '../../core/errors.ts';
import { condenseFailure } from './condense-message.ts';
import type { ReportedFailure, ReportedResource, ReportedRun } from './dc-report.ts';
import { type CookbookPlace, cookbookPlace, parseFrame, toLocation } from './remote-paths.ts';
import type { CookbookSet } from './resolve-cookbooks.ts';
import { findTemplate, parseTemplateContext } from './template-place.ts';
import { undefinedAttribute } from './undefined-attribute.ts';

export interface FailureContext {
  readonly rootPath: string;
  readonly cookbooks: Pick<CookbookSet, 'cookbooks' | 'own'>;
  /** Text of a local file, undefined when it cannot be read. */
  readonly readText: (absolute: string) => string | undefined;
}

/** Lines of the user's file shown before and after the failing one. */
const AROUND = 2;
const DETAIL_LINES = 24;

/** The error of a failed run: what failed, where in the user's files, and the condensed reason. */
export function failureRecord(run: ReportedRun, context: FailureContext): ErrorRecord | undefined {
  const resource = failedResource(run);
  const failure = resource?.failure ?? run.failure;
  if (failure === undefined) return undefined;
  const section = (heading: string): string | undefined =>
    failure.description.sections.find((one) => one.heading.startsWith(heading))?.text;
  const declared = resource && declaredPlace(section('Compiled Resource:'), context);
  const template = resource && templatePlace(resource, failure, section, context);
  const raised = template ?? firstCookbookFrame(failure, context);
  const place = raised ?? declared;
  const reason = reasonLines(failure);
  const subject = resource === undefined ? phaseOf(place, failure) : subjectOf(resource, declared);
  const source = place && sourceLines(place, context);
  const missing =
    source && /\bnil\b/.test(reason[0] ?? '')
      ? undefinedAttribute(source.failing, run.attributes)
      : undefined;
  const details = [
    ...reason.slice(1),
    ...(place === undefined
      ? []
      : [`in ${place.cookbook}/${place.path}${place.line === undefined ? '' : `:${place.line}`}`]),
    ...(source?.lines ?? []),
    ...(declared !== undefined && raised !== undefined && !samePlace(declared, raised)
      ? [`declared in ${declared.cookbook}/${declared.path}:${declared.line ?? '?'}`]
      : []),
    ...(missing === undefined ? [] : [`${missing} is not set at any level`]),
  ];
  const location = place && toLocation(place);
  const full = /ENOSPC|No space left on device/.test(`${failure.class} ${failure.message}`);
  return {
    code: full ? 'chef.disk_full' : 'chef.converge_failed',
    kind: full ? 'infrastructure' : 'converge',
    message: `${subject}: ${reason[0] ?? failure.class}`,
    ...(location && { location }),
    ...(details.length > 0 && { details: details.slice(0, DETAIL_LINES) }),
    ...(missing !== undefined && {
      hint: `set it under \`attributes\` or in an attributes file, or guard it with node.read(…)`,
    }),
  };
}

/** The innermost resource that failed: a failure inside a custom resource is reported for both. */
function failedResource(run: ReportedRun): ReportedResource | undefined {
  if (run.status === 'success') return undefined;
  return run.resources
    .filter((resource) => resource.failure !== undefined)
    .toSorted((a, b) => wrappings(a) - wrappings(b))[0];
}

/** The message of an outer resource repeats those of the inner ones. */
function wrappings(resource: ReportedResource): number {
  return (resource.failure?.message.match(/ had an error: /g) ?? []).length;
}

function subjectOf(resource: ReportedResource, declared: CookbookPlace | undefined): string {
  const recipe = resource.cookbook === undefined ? '' : ` in ${resource.cookbook}::${resource.recipe ?? '?'}`;
  const inRecipe = declared?.path.replace(/\.\w+$/, '') === `recipes/${resource.recipe}`;
  const line = recipe !== '' && inRecipe && declared?.line !== undefined ? `:${declared.line}` : '';
  return `${resource.resource} (${resource.action})${recipe}${line} failed`;
}

/** What failed outside any resource: a recipe, another file of a cookbook, or a step of the client. */
function phaseOf(place: CookbookPlace | undefined, failure: ReportedFailure): string {
  if (place === undefined) return failure.description.title?.replace(/:$/, '') ?? 'the client failed';
  const recipe = /^recipes\/(.+)\.\w+$/.exec(place.path)?.[1];
  const line = place.line === undefined ? '' : `:${place.line}`;
  return recipe === undefined
    ? `${place.cookbook}/${place.path}${line} failed`
    : `recipe ${place.cookbook}::${recipe}${line} failed`;
}

/** The exception's class is named where the message alone would not say what it is. */
function reasonLines(failure: ReportedFailure): readonly string[] {
  const bare = failure.message
    .replace(/^(?:.*? had an error: [\w:]+: )+/, '')
    .replace(failure.class === 'SyntaxError' ? /^\S+:\d+: / : /^$/, '');
  // For errors of the Chef server's API the formatter's first section says more than `412 "Precondition Failed"`.
  const first = failure.description.sections[0];
  if (failure.class.startsWith('Net::HTTP') && first !== undefined) return condenseFailure(first.text);
  const lines = condenseFailure(bare).filter((line) => !/^\S+ \(\S+ line \d+\) had an error/.test(line));
  const quiet =
    /^(RuntimeError|Mixlib::ShellOut::ShellCommandFailed|SyntaxError|Chef::Mixin::Template::TemplateError)$/.test(
      failure.class,
    );
  return quiet ? lines : [`${failure.class}: ${lines[0] ?? ''}`, ...lines.slice(1)];
}

function firstCookbookFrame(failure: ReportedFailure, context: FailureContext): CookbookPlace | undefined {
  // A syntax error has its place in the message; its backtrace is the loader's.
  const frames =
    failure.class === 'SyntaxError'
      ? [failure.message.split('\n')[0] ?? '', ...failure.backtrace]
      : failure.backtrace;
  for (const frame of frames) {
    const remote = parseFrame(frame);
    const place = remote && cookbookPlace(remote, context.rootPath, context.cookbooks);
    if (place !== undefined) return place;
  }
  return undefined;
}

function declaredPlace(compiled: string | undefined, context: FailureContext): CookbookPlace | undefined {
  const frame = /^# Declared in (.+)$/m.exec(compiled ?? '')?.[1];
  const remote = frame === undefined ? undefined : parseFrame(frame);
  return remote && cookbookPlace(remote, context.rootPath, context.cookbooks);
}

function templatePlace(
  resource: ReportedResource,
  failure: ReportedFailure,
  section: (heading: string) => string | undefined,
  context: FailureContext,
): CookbookPlace | undefined {
  if (!failure.class.endsWith('TemplateError')) return undefined;
  const listing = parseTemplateContext(section('Template Context:') ?? '');
  const compiled = section('Compiled Resource:') ?? '';
  const named = /^ {2}cookbook "([^"]+)"$/m.exec(compiled)?.[1] ?? resource.cookbook;
  const cookbook = context.cookbooks.cookbooks.find((one) => one.name === named);
  if (listing === undefined || cookbook === undefined) return undefined;
  const source = /^ {2}source "([^"]+)"$/m.exec(compiled)?.[1];
  const file = findTemplate(listing, cookbook, source, context.readText);
  if (file === undefined) return undefined;
  return cookbookPlace(
    { path: `${context.rootPath}/cookbooks/${cookbook.name}/${file.path}`, line: listing.line },
    context.rootPath,
    context.cookbooks,
  );
}

/** The failing line of the user's file with its neighbours, marked like compilers do. */
function sourceLines(
  place: CookbookPlace,
  context: FailureContext,
): { readonly lines: readonly string[]; readonly failing: string } | undefined {
  const text = place.file === undefined ? undefined : context.readText(place.file);
  if (text === undefined || place.line === undefined) return undefined;
  const all = text.split('\n');
  const lines: string[] = [];
  for (
    let number = Math.max(1, place.line - AROUND);
    number <= Math.min(all.length, place.line + AROUND);
    number++
  ) {
    const line = (all[number - 1] ?? '').trimEnd().slice(0, 160);
    if (number === all.length && line === '') continue;
    lines.push(`${number === place.line ? '>' : ' '} ${String(number).padStart(4)} | ${line}`);
  }
  return { lines, failing: all[place.line - 1] ?? '' };
}

function samePlace(a: CookbookPlace, b: CookbookPlace): boolean {
  return a.cookbook === b.cookbook && a.path === b.path && a.line === b.line;
}
