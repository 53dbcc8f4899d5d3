import type { z } from 'zod';
import type { CheckResult, Repeat } from './check.ts';
import type { Snapshot, SnapshotNeeds } from './snapshot.ts';
import type { Mark, Surroundings } from './surroundings.ts';
import type { Connection } from './transport.ts';

/** What a check may look through. */
export interface Probe {
  readonly connection: Connection;
  /** What all checks of this attempt asked for, taken in one round trip. */
  readonly snapshot: Snapshot;
  /** host:port under which the caller reaches a port of the instance, or undefined when it is not reachable. */
  readonly address: (port: number) => { readonly host: string; readonly port: number } | undefined;
  readonly signal: AbortSignal;
  /** Set when the check is declared with `repeat`; the type makes all its observations in one `observe`. */
  readonly repeat: Repeat | undefined;
  /** Companions, the instance's container and its provisioner; absent where nobody provides them. */
  readonly around?: Surroundings | undefined;
  /** What `marks.take` remembered; undefined when there was no occasion to. */
  readonly mark?: Mark | undefined;
}

/** How a check type remembers where things stood, so that it can tell later what is new. */
export interface Marks<S> {
  /** The occasion at which this check remembers: the start of each converge, or of verification. */
  when(spec: S): 'converge' | 'verify' | undefined;
  /** Checks with the same key share what is remembered; it is a key of the state file. */
  key(spec: S): string;
  needs(spec: S): SnapshotNeeds;
  /** A JSON value. Throws when it cannot look; the check is then told so. */
  take(spec: S, probe: Pick<Probe, 'connection' | 'snapshot' | 'signal'>): Promise<unknown>;
}

/**
 * One check type. A room under `verifiers/` gives one of these.
 * `S` is the check as declared, parsed; `F` what was observed.
 */
export interface Verifier<S = unknown, F = unknown> {
  /** The key that selects it in a check item, e.g. `port`. */
  readonly name: string;
  readonly description: string;
  /** Strict schema of the check item without the common keys (id, title, why, tags, once, eventually, repeat, …). */
  readonly spec: z.ZodType<S>;
  /** True for types that honour `repeat` themselves; for others a declared `repeat` is a config error. */
  readonly repeatable: boolean;
  /**
   * True when looking may change the instance: such a check runs alone, after those listed above it and before those
   * below it. So does every check with `repeat`. All others run together.
   */
  readonly alone?: boolean;
  /** Short human selector, e.g. `port 80`, used for titles and derived ids. */
  title(spec: S): string;
  /** Ports of the instance that this check reaches from the caller's side; they are published at create. */
  hostPorts?(spec: S): readonly number[];
  /** Names of companion services that this check needs; unknown ones are a config error. */
  companions?(spec: S): readonly string[];
  /** Set by types that tell what is new from what was there before. */
  readonly marks?: Marks<S>;
  /**
   * What to include in the attempt's snapshot. `time`: it is declared with `consistently`, see `identity`; `repeat`: as
   * in the probe; `mark`: what `marks.take` remembered.
   */
  needs(
    spec: S,
    given?: {
      readonly time: boolean;
      readonly repeat?: Repeat | undefined;
      readonly mark?: Mark | undefined;
    },
  ): SnapshotNeeds;
  /**
   * All I/O beyond the snapshot. Throws (any error) when it cannot look: the check's outcome is then `error`.
   * A refused connection is an observation, a missing tool is not.
   */
  observe(spec: S, probe: Probe): Promise<F>;
  /** Pure: wanted against observed. Never returns an empty list. */
  judge(spec: S, facts: F): readonly CheckResult[];
  /**
   * Nearest evidence of a failure that the look itself did not bring, such as the last lines of a unit's journal, and
   * what it means; lines for people. Asked once, when the check has ended and failed.
   */
  explain?(spec: S, facts: F, probe: Probe): Promise<readonly string[]>;
  /** True when waiting longer cannot help (unit failed for good, container gone). */
  fatal?(spec: S, facts: F): string | undefined;
  /**
   * The things that must stay the same over `consistently`, e.g. processes: a passing service with a new main process
   * is a respawn loop. Undefined when it cannot be told.
   */
  identity?(spec: S, facts: F): readonly Identity[] | undefined;
  /** Config error of a `repeat` that this type cannot do. Without it `connection`, `token` and `workers` are refused. */
  refuseRepeat?(spec: S, repeat: Repeat): RepeatProblem | undefined;
}

export interface RepeatProblem {
  /** Key below `repeat`. */
  readonly key: 'connection' | 'token' | 'workers';
  readonly message: string;
  readonly hint?: string;
}

/** One thing that is the same as before when both name and begin are. */
export interface Identity {
  /** e.g. `pid 71 (nginx)` */
  readonly name: string;
  /** Seconds since the epoch; as computed from clocks it may be off by a little less than a second. */
  readonly since?: number;
}
