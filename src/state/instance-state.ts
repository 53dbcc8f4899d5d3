import { z } from 'zod';
import { STAGES } from '../core/instance.ts';

const errorRecord = z.looseObject({ code: z.string(), kind: z.string(), message: z.string() });

const serviceState = z.object({
  containerName: z.string(),
  containerId: z.string().optional(),
  image: z.string(),
  configHash: z.string(),
  engine: z.string(),
  networkName: z.string().optional(),
  openAt: z.string().optional(),
});

/** What is kept of an instance between commands. Written whole, before and after everything that changes it. */
export const InstanceState = z.object({
  v: z.literal(1),
  instance: z.string(),
  suite: z.string(),
  platform: z.string(),
  driver: z.string(),
  /** Hash of the driver settings and services the machine was made with. */
  configHash: z.string(),
  /** Run that made the machine; part of the names of its resources. */
  runId: z.string(),
  /** The last stage that finished. */
  lastAction: z.enum(STAGES).optional(),
  /** The step of a multi-step suite that `lastAction` belongs to. */
  step: z.string().optional(),
  /** Set while an action runs; still set after a crash. */
  attempting: z.enum([...STAGES, 'destroy']).optional(),
  attemptingStep: z.string().optional(),
  lastError: errorRecord.optional(),
  /** The driver's own record, maybe partial. */
  machine: z.record(z.string(), z.unknown()),
  services: z.record(z.string(), serviceState),
  /** Path below the root path → content hash, as last sent. */
  uploaded: z.record(z.string(), z.string()),
  /** What checks remembered at the start of the last converge: key of the check → value or why there is none. */
  marks: z
    .record(z.string(), z.union([z.object({ error: z.string() }), z.object({ value: z.unknown() })]))
    .optional(),
  /** Keys (id, or step/id) of the checks that did not pass when they were last looked at. */
  failedChecks: z.array(z.string()).optional(),
  /** Keys of the tests of an existing suite, as the last verifications reported them. */
  tests: z.record(z.string(), z.object({ title: z.string(), file: z.string().optional() })).optional(),
  /** The snapshot the machine was made from: whose it is, and the digest of what that was made from. */
  from: z.object({ instance: z.string(), key: z.string() }).optional(),
  updatedAt: z.string(),
});
export type InstanceState = z.infer<typeof InstanceState>;
