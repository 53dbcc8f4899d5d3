import { z } from 'zod';
import { ERROR_KINDS } from '../../core/errors.ts';

/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
export const REPORT_VERSION = 1;

const ms = z.number().nonnegative().describe('milliseconds');
const sinceStart = z.number().nonnegative().describe('milliseconds since the start of the run');
const outcome = z
  .enum(['passed', 'failed', 'cancelled', 'unfinished'])
  .describe('unfinished: galley was stopped before it could tell');
const checkOutcome = z
  .enum(['pass', 'fail', 'error', 'skip', 'waived'])
  .describe('error: could not look, never a pass');
const action = z.enum(['create', 'converge', 'setup', 'verify', 'destroy']);

const location = z.strictObject({
  file: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
});

const error = z.strictObject({
  code: z.string().describe('permanent name, e.g. docker.engine_unreachable'),
  kind: z.enum(ERROR_KINDS),
  message: z.string(),
  location: location.optional(),
  expected: z.string().optional(),
  got: z.string().optional(),
  details: z.array(z.string()).optional(),
  hint: z.string().optional(),
});

const resource = z.strictObject({
  resource: z.string().describe('e.g. package[nginx]'),
  action: z.string(),
  status: z.enum(['updated', 'up-to-date', 'skipped', 'failed', 'unprocessed']),
  durationMs: ms,
  cookbook: z.string().optional(),
  recipe: z.string().optional(),
  delta: z.string().optional(),
});

const check = z.strictObject({
  id: z.string().describe('stable within the instance'),
  type: z.string(),
  title: z.string(),
  outcome: checkOutcome,
  attempts: z.number(),
  flaky: z.boolean().describe('passed, but only after a failed attempt'),
  durationMs: ms,
  severity: z.enum(['low', 'medium', 'high', 'critical']).optional(),
  firstFailure: z
    .strictObject({
      attempt: z.number(),
      atMs: ms.describe('after the check began'),
      outcome: checkOutcome,
      property: z.string(),
      expected: z.string(),
      observed: z.string(),
    })
    .optional(),
  results: z.array(
    z.strictObject({
      property: z.string(),
      outcome: checkOutcome,
      expected: z.string(),
      observed: z.string(),
      source: z.string().optional(),
      notes: z.array(z.string()).optional(),
    }),
  ),
  location: location.optional(),
  hint: z.string().optional(),
  why: z.string().optional(),
  tags: z.array(z.string()).optional(),
  waiver: z.strictObject({ reason: z.string(), until: z.string() }).optional(),
  step: z.string().optional(),
});

const counts = z.strictObject({
  pass: z.number(),
  fail: z.number(),
  error: z.number(),
  skip: z.number(),
  waived: z.number(),
  flaky: z.number(),
  total: z.number(),
});

const instance = z.strictObject({
  name: z.string(),
  outcome,
  startMs: sinceStart.nullable().describe('null when it was never begun'),
  durationMs: ms.nullable(),
  phases: z.array(
    z.strictObject({
      name: z.string().describe('unique within the instance'),
      action,
      outcome,
      startMs: sinceStart,
      durationMs: ms,
      error: error.optional(),
    }),
  ),
  waits: z.array(
    z.strictObject({
      what: z.string(),
      holder: z.string().optional().describe('the instance that was waited for'),
      startMs: sinceStart,
      durationMs: ms,
    }),
  ),
  checks: z.array(check),
  resources: z.strictObject({
    total: z.number(),
    updated: z.number(),
    slowest: z.array(resource),
  }),
  error: error.optional(),
  kept: z.boolean().describe('after `test`: the machine was not destroyed'),
  log: z.string().nullable().describe('path of the whole log'),
});

const change = z.strictObject({
  instance: z.string(),
  what: z.string().describe('id of the check, or name of the phase'),
  before: z.string(),
  after: z.string(),
});

export const JsonReport = z
  .strictObject({
    format: z.literal('galley-report'),
    version: z.literal(REPORT_VERSION),
    run: z.strictObject({
      id: z.string(),
      command: z.string(),
      started: z.string().describe('ISO 8601, UTC'),
      durationMs: ms,
      exitCode: z.number().nullable().describe('null when the run did not end'),
      concurrency: z.number(),
    }),
    verdict: z.string().describe('one sentence for people'),
    counts: z.strictObject({
      instances: z.strictObject({
        passed: z.number(),
        failed: z.number(),
        cancelled: z.number(),
        unfinished: z.number(),
      }),
      checks: counts,
    }),
    instances: z.array(instance),
    notices: z.array(z.strictObject({ level: z.enum(['verbose', 'info', 'warning']), message: z.string() })),
    comparison: z
      .strictObject({
        previous: z.string().describe('run id'),
        broken: z.array(change),
        fixed: z.array(change),
        added: z.array(change),
        gone: z.array(change),
        slower: z.array(
          z.strictObject({ instance: z.string(), phase: z.string(), beforeMs: ms, afterMs: ms }),
        ),
      })
      .nullable()
      .describe('against the previous run of the same command; null when there is none'),
  })
  .meta({ title: 'Report of a Galley run', description: '`galley test --report json`' });

export type JsonReport = z.infer<typeof JsonReport>;

/** For docs/report.schema.json. Unknown fields are allowed in there: new ones do not raise the version. */
export function reportJsonSchema(): object {
  return z.toJSONSchema(JsonReport, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
}
