import type { z } from 'zod';
import type { ActionContext } from './action-context.ts';
import type { ClientInstall } from './client-install.ts';
import type { ErrorRecord } from './errors.ts';
import type { ResourceResult } from './events.ts';
import type { Connection } from './transport.ts';

/** What the last upload left on the machine: path below the root path → content hash. Kept in the state file. */
export type UploadManifest = Readonly<Record<string, string>>;

export interface ConvergeInput {
  readonly connection: Connection;
  readonly client: ClientInstall | undefined;
  /** Empty on a fresh machine. */
  readonly uploaded: UploadManifest;
  /** Persists the manifest; call it before a transfer with what can no longer be trusted removed, and after it. */
  recordUpload(manifest: UploadManifest): Promise<void>;
  /** Where the full log of this converge goes, for messages. */
  readonly logFile: string;
  /** A further run over a converged instance, to see what it changes: run once, whatever the settings say. */
  readonly again?: boolean;
}

export interface ConvergeResult {
  readonly outcome: 'passed' | 'failed';
  readonly resources: readonly ResourceResult[];
  readonly total: number;
  readonly updated: number;
  /** Client time without transfer, milliseconds. */
  readonly clientMs: number;
  /** Present when failed: the failing resource, cookbook, recipe:line and the condensed error. */
  readonly error?: ErrorRecord;
}

export interface Provisioner<C = unknown> {
  readonly name: string;
  /** Other names for it in existing configs. */
  readonly aliases: readonly string[];
  /** Whether it needs the driver to provide a Chef/Cinc client, given its settings. */
  needsClient(config: C): boolean;
  readonly config: z.ZodType<C>;
  /**
   * Local work that can fail early: finds and resolves cookbooks, checks that the run list exists. Called before
   * the machine is created, so that a typo does not cost a boot; shared between instances through `ctx.once`.
   */
  prepare(ctx: ActionContext<C>): Promise<void>;
  /**
   * Digest of the local files that a converge would send or run, beside the settings. Without it a snapshot is only
   * good for the run that took it.
   */
  fingerprint?(ctx: ActionContext<C>): Promise<string>;
  /** A failing converge is a result; only infrastructure trouble throws. */
  converge(ctx: ActionContext<C>, input: ConvergeInput): Promise<ConvergeResult>;
}
