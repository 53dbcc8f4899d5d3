import { z } from 'zod';
import type { ResourceResult } from '../../core/events.ts';
import { redactText } from '../../core/redact-text.ts';
import { tryJson } from '../../core/try-json.ts';

const maybeText = z.string().nullish();
const Sections = z
  .array(z.record(z.string(), z.unknown()))
  .nullish()
  .transform((list) =>
    (list ?? []).flatMap((section) =>
      Object.entries(section).map(([heading, text]) => ({ heading, text: asText(text) })),
    ),
  );
const Failure = z.object({
  class: z.string(),
  message: maybeText.transform((text) => text ?? ''),
  backtrace: z
    .array(z.string())
    .nullish()
    .transform((list) => list ?? []),
  description: z
    .object({ title: maybeText, sections: Sections })
    .nullish()
    .transform((given) => ({ title: given?.title ?? undefined, sections: given?.sections ?? [] })),
});
/** An exception as the client reported it, with the sections of its formatter. */
export type ReportedFailure = z.output<typeof Failure>;

const Resource = z.object({
  type: z.string(),
  name: z.string(),
  duration: maybeText,
  delta: maybeText,
  result: z.string(),
  status: z.enum(['updated', 'up-to-date', 'skipped', 'failed', 'unprocessed']),
  ignore_failure: z.unknown(),
  cookbook_name: maybeText,
  recipe_name: maybeText,
  error: Failure.nullish(),
});
type Resource = z.output<typeof Resource>;

const RunEnd = z.object({
  message_type: z.literal('run_converge'),
  status: z.string(),
  resources: z.array(Resource),
  total_resource_count: z.int(),
  updated_resource_count: z.int(),
  error: Failure.nullish(),
  node: z.record(z.string(), z.unknown()).nullish(),
});

export interface ReportedResource extends ResourceResult {
  /** Present on failed resources whose failure was not ignored. */
  readonly failure?: ReportedFailure;
}

/** One finished run of the client. */
export interface ReportedRun {
  readonly status: 'success' | 'failure';
  readonly resources: readonly ReportedResource[];
  readonly total: number;
  readonly updated: number;
  readonly failure: ReportedFailure | undefined;
  /** The node's attributes by level; empty when the client had no node yet. */
  readonly attributes: Readonly<Record<'default' | 'normal' | 'override' | 'automatic', unknown>>;
}

export interface DataCollectorReport {
  readonly runs: readonly ReportedRun[];
  /** A run began and did not report its end: the client was killed, or could not write. */
  readonly unfinished: boolean;
  /** Lines that are no message, e.g. one cut off by a full disk. */
  readonly unreadable: number;
}

/** Longest change description kept of a resource, characters. */
const DELTA_LIMIT = 2000;

/**
 * Reads the file that the client's data collector appends to: a JSON message a line, `run_start` and `run_converge`
 * (message version 1.1.0; Chef::DataCollector::RunEndMessage).
 */
export function parseDataCollectorReport(text: string): DataCollectorReport {
  const runs: ReportedRun[] = [];
  let started = 0;
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const message = parseLine(line);
    if (message === undefined) unreadable++;
    else if (message === 'start') started++;
    else runs.push(message);
  }
  return { runs, unfinished: started > runs.length, unreadable };
}

function parseLine(line: string): ReportedRun | 'start' | undefined {
  const data = tryJson(line);
  const end = RunEnd.safeParse(data);
  if (end.success) return toRun(end.data);
  return (data as { message_type?: unknown } | null)?.message_type === 'run_start' ? 'start' : undefined;
}

function toRun(end: z.output<typeof RunEnd>): ReportedRun {
  const node = end.node ?? {};
  return {
    status: end.status === 'success' ? 'success' : 'failure',
    resources: end.resources.map(toResource),
    total: end.total_resource_count,
    updated: end.updated_resource_count,
    failure: end.error ?? undefined,
    attributes: {
      default: node['default'],
      normal: node['normal'],
      override: node['override'],
      automatic: node['automatic'],
    },
  };
}

function toResource(resource: Resource): ReportedResource {
  const delta = resource.delta ? condenseDelta(resource.delta) : '';
  const ignored = resource.ignore_failure !== false && resource.ignore_failure != null;
  return {
    resource: `${resource.type}[${resource.name}]`,
    action: resource.result,
    status: resource.status,
    durationMs: Number.parseInt(resource.duration || '0', 10) || 0,
    ...(resource.cookbook_name && { cookbook: resource.cookbook_name }),
    ...(resource.recipe_name && { recipe: resource.recipe_name }),
    ...(delta !== '' && { delta }),
    ...(resource.error && !ignored && { failure: resource.error }),
  };
}

/** The client joins a diff's lines with a literal `\n`. */
function condenseDelta(delta: string): string {
  const text = delta.replaceAll('\\n', '\n');
  // What a file holds comes from the machine: nobody has said which of it is secret. Twice as much, so that none is cut.
  const shown = redactText(text.slice(0, 2 * DELTA_LIMIT));
  return text.length <= DELTA_LIMIT
    ? shown
    : `${shown.slice(0, DELTA_LIMIT)}\n… [${text.length - DELTA_LIMIT} more characters]`;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
