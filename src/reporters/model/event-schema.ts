import { z } from 'zod';
import type { EventEnvelope } from '../../core/events.ts';
import { EVENT_VERSION } from '../../core/events.ts';

/** What a report relies on in an event that comes from a file. Other types of events are let through unseen. */

const outcome = z.enum(['passed', 'failed', 'cancelled']);
const action = z.enum(['create', 'converge', 'setup', 'verify', 'destroy']);
const checkOutcome = z.enum(['pass', 'fail', 'error', 'skip', 'waived']);
const texts = z.array(z.string());
const location = z.looseObject({ file: z.string(), line: z.number().optional() });
const error = z.looseObject({
  code: z.string(),
  kind: z.string(),
  message: z.string(),
  details: texts.optional(),
  hint: z.string().optional(),
  expected: z.string().optional(),
  got: z.string().optional(),
  stack: z.string().optional(),
  location: location.optional(),
});
const check = z.looseObject({
  id: z.string(),
  type: z.string(),
  title: z.string(),
  outcome: checkOutcome,
  results: z.array(
    z.looseObject({
      property: z.string(),
      outcome: checkOutcome,
      expected: z.string(),
      observed: z.string(),
      source: z.string().optional(),
      notes: texts.optional(),
    }),
  ),
  attempts: z.number(),
  flaky: z.boolean(),
  durationMs: z.number(),
  location: location.optional(),
  hint: z.string().optional(),
  why: z.string().optional(),
  step: z.string().optional(),
  severity: z.string().optional(),
  firstFailure: z
    .looseObject({ attempt: z.number(), property: z.string(), expected: z.string(), observed: z.string() })
    .optional(),
  waiver: z.looseObject({ reason: z.string(), until: z.string() }).optional(),
});
const resource = z.looseObject({
  resource: z.string(),
  action: z.string(),
  status: z.enum(['updated', 'up-to-date', 'skipped', 'failed', 'unprocessed']),
  durationMs: z.number(),
  cookbook: z.string().optional(),
  recipe: z.string().optional(),
});
const level = z.enum(['verbose', 'info', 'warning']);
const instance = z.string();

const PAYLOADS: Readonly<Record<string, z.ZodType>> = {
  'run:start': z.looseObject({
    command: z.string(),
    instances: texts,
    concurrency: z.number(),
    logDir: z.string(),
  }),
  'run:end': z.looseObject({ exitCode: z.number(), durationMs: z.number() }),
  'instance:start': z.looseObject({ instance, actions: z.array(action) }),
  'instance:end': z.looseObject({
    instance,
    summary: z.looseObject({ outcome, error: error.optional(), kept: z.boolean().optional() }),
  }),
  'phase:start': z.looseObject({ instance, action, step: z.string().optional() }),
  'phase:end': z.looseObject({
    step: z.string().optional(),
    instance,
    action,
    durationMs: z.number(),
    outcome,
    error: error.optional(),
  }),
  progress: z.looseObject({ instance: instance.optional(), text: z.string() }),
  output: z.looseObject({ instance, stream: z.enum(['stdout', 'stderr']), line: z.string() }),
  resource: z.looseObject({ instance, result: resource }),
  check: z.looseObject({ instance, report: check }),
  notice: z.looseObject({ instance: instance.optional(), level, message: z.string() }),
  wait: z.looseObject({ instance, what: z.string(), holder: z.string().optional(), durationMs: z.number() }),
};

const envelope = z.looseObject({
  v: z.literal(EVENT_VERSION, `expected version ${EVENT_VERSION}, which this Galley reads`),
  runId: z.string(),
  seq: z.number(),
  time: z.iso.datetime({ offset: true }),
  type: z.string(),
});

/** An event as it is read from a file. Throws a plain error whose message says what is wrong with it. */
export function parseEvent(text: string): EventEnvelope {
  const event = envelope.safeParse(JSON.parse(text));
  if (!event.success) throw new Error(issue(event.error));
  const payload = PAYLOADS[event.data.type]?.safeParse(event.data);
  if (payload && !payload.success) throw new Error(issue(payload.error));
  return event.data as unknown as EventEnvelope;
}

function issue({ issues }: z.ZodError): string {
  const [first] = issues;
  return `${first?.path.join('.') ?? ''}: ${first?.message ?? 'malformed'}`;
}
