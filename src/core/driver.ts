import type { z } from 'zod';
import type { ActionContext } from './action-context.ts';
import type { ClientInstall } from './client-install.ts';
import type { Endpoint } from './endpoint.ts';
import type { GalleyError } from './errors.ts';
import type { Instance } from './instance.ts';
import type { ContainerView } from './surroundings.ts';
import type { Connection } from './transport.ts';

/** The network that a machine shares with its companion services. */
export interface ServiceNetwork {
  readonly kind: 'docker';
  /** Name of an existing user-defined network, with name resolution between its members. */
  readonly name: string;
  readonly engine: string;
}

/** A machine's disk as it was at a moment, from which further machines are made. Plain data, kept in a file. */
export interface MachineSnapshot {
  /** Name that it was given before it was taken; unique. */
  readonly name: string;
  /** What the driver makes machines from: the id of an image, of an AMI. */
  readonly id: string;
}

/** What a snapshot is of: names for labels and tags. */
export interface SnapshotSubject {
  /** The instance that others start from; also of a machine that was made for the snapshot alone, under another name. */
  readonly instance: string;
  /** Digest of all that decided what the machine is like. */
  readonly key: string;
}

/** For drivers that can make machines from machines. A snapshot is given back as `from` of a `CreateRequest`. */
export interface Snapshots<C = unknown, M extends object = object> {
  /**
   * Digest of what decides, beside the provisioner, what a new machine is like: the content of its image, the client,
   * the driver's own settings. May get the image and the client.
   */
  inputs(ctx: ActionContext<C>, request: CreateRequest): Promise<string>;
  /**
   * Takes one of a running machine, which goes on. `record` is awaited before anything is made. What a snapshot cannot
   * hold (volumes, file systems in memory) is told in a notice. `connect` gives the connection to the machine.
   */
  take(
    ctx: ActionContext<C>,
    machine: M,
    subject: SnapshotSubject,
    record: (name: string) => Promise<void>,
    connect: () => Promise<Connection>,
  ): Promise<MachineSnapshot>;
  exists(ctx: ActionContext<C>, snapshot: MachineSnapshot): Promise<boolean>;
  /** Removes all snapshots of an instance, as its labels have it, but one. Those that machines still need are left. */
  remove(ctx: ActionContext<C>, instance: string, keep?: MachineSnapshot): Promise<void>;
}

/** What the rest of the plan wants of a machine when it is made. */
export interface CreateRequest {
  /** The provisioner needs a Chef/Cinc client on the machine. */
  readonly needsClient: boolean;
  /** TCP ports of the machine that checks reach from the caller's side. */
  readonly hostPorts: readonly number[];
  /** Kinds of endpoint that the transport serves; without it those of the driver's usual transport. */
  readonly reachedBy?: readonly Endpoint['kind'][];
  /** What to make the machine from instead of its image; only for drivers with `snapshots`. */
  readonly from?: MachineSnapshot;
}

/** Something a run made that may have been forgotten, found by its labels. */
export interface Leftover {
  /** `machine`, `key pair`, …; `image` and `snapshot` have a time of their own, others that of their instance. */
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Those of Galley, `galley.project` and the like. */
  readonly labels: Readonly<Record<string, string>>;
}

/** For drivers whose machines lie elsewhere than on the caller's engine; `gc` asks each place that a kitchen names. */
export interface Leftovers<C = unknown> {
  /** Where the settings lead, in words; the same words for the same place. */
  where(config: C): string;
  /** Settings that lead where a recorded machine is, also one that was not made wholly; undefined when that is not told. */
  configOf?(made: Readonly<Record<string, unknown>>): C | undefined;
  /** All that carries labels of Galley, those of one project when it is given. */
  find(config: C, project: string | undefined, signal: AbortSignal): Promise<readonly Leftover[]>;
  /** Removes in the order in which things hang on each other; a failure is told and stops nothing else. */
  remove(
    config: C,
    doomed: readonly Leftover[],
    failed: (one: Leftover, error: unknown) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export type MachineStatus = 'running' | 'stopped' | 'gone' | 'unknown';

/** Makes and removes the machine of an instance. `M` is what the state file keeps of it, parsed on each read. */
export interface Driver<C = unknown, M extends object = object> {
  readonly name: string;
  /** Other names for it in existing configs, e.g. `dokken`. */
  readonly aliases: readonly string[];
  /** Transport used when the config names none (or one that cannot serve this driver). */
  readonly transport: string;
  readonly config: z.ZodType<C>;
  readonly machine: z.ZodType<M>;
  /**
   * Reference of the image that an instance would be made from, told without I/O, by drivers that use images.
   * Undefined when there is none for its platform; `create` then says why.
   */
  image?(instance: Instance, config: C): string | undefined;
  /**
   * Why `create` would hardly succeed, in words, as far as platform and settings tell it without I/O: a platform that no
   * image is known for. Undefined when there is nothing to say.
   */
  doubt?(instance: Instance, config: C): string | undefined;
  /** How many instances of the driver may be worked on while this one is; undefined: no limit of its own. */
  concurrency?(config: C): number | undefined;
  /**
   * Machines cost as long as they exist: one that a create made and nobody could then get into is removed at once. Others
   * stay to be looked at until the next command.
   */
  readonly isPaid?: boolean;
  /** What an hour of the machine costs at most, in the currency of the settings; told without I/O. */
  pricePerHour?(instance: Instance, config: C): number | undefined;
  /** What keeps the price from being told where the settings have prices: names of machines without one. */
  unpriced?(instance: Instance, config: C): readonly string[];
  /**
   * Starts the machine; does not wait for its init system. `record` persists what is known so far and must be
   * awaited *before* each resource is made, with the name it will have, so that an interrupted create can be destroyed.
   */
  create(
    ctx: ActionContext<C>,
    request: CreateRequest,
    record: (made: Partial<M>) => Promise<void>,
  ): Promise<M>;
  /**
   * Resolves when the machine takes commands and its init system has settled. A driver whose machines are reached by a
   * transport of its own, such as ssh, waits here for what it can see from outside and for the rest in `prepare`.
   * Gives what it learnt, to be recorded.
   */
  waitUntilReady(ctx: ActionContext<C>, machine: M): Promise<Partial<M> | void>;
  /**
   * Work inside the machine before anything else runs there, such as putting the Chef client on it, at the end of each
   * `create`, also of a machine that was there already. Returns what is to be recorded.
   */
  prepare?(
    ctx: ActionContext<C>,
    machine: M,
    connection: Connection,
    request: CreateRequest,
  ): Promise<Partial<M>>;
  /** Last work inside the machine before `destroy`; not called when it cannot be reached. */
  release?(ctx: ActionContext<C>, machine: M, connection: Connection): Promise<void>;
  /**
   * Removes everything made for the instance: what is recorded and what carries its labels. Succeeds when it is
   * already gone. `made` may be partial or empty (lost state).
   */
  destroy(ctx: ActionContext<C>, made: Partial<M>): Promise<void>;
  /** Absent when the driver cannot; suites with `from` are then a config error. */
  readonly snapshots?: Snapshots<C, M>;
  readonly leftovers?: Leftovers<C>;
  status(ctx: ActionContext<C>, machine: M): Promise<MachineStatus>;
  /** Why a machine that is stopped or gone has ended, by drivers that can be told; undefined when nobody knows. */
  ending?(ctx: ActionContext<C>, machine: M): Promise<GalleyError | undefined>;
  /** The record as it is now, by drivers whose running machines may change it: a new address after stop and start. */
  refresh?(ctx: ActionContext<C>, machine: M): Promise<M>;
  /** Finds the instance's machine by its labels when the state file is lost. */
  find(ctx: ActionContext<C>): Promise<M | undefined>;
  /** Kinds of endpoint it can give; without it those of its usual transport. */
  readonly endpoints?: readonly Endpoint['kind'][];
  /**
   * `kinds`: what the transport can serve, for drivers that give a choice; they fall back on their usual kind. `config`:
   * for those that ask a service on the way.
   */
  endpoint(machine: M, kinds?: readonly Endpoint['kind'][], config?: C): Endpoint;
  /** Its machines have a `serviceNetwork`; services of others are reached as the transport says. */
  readonly hostsServices?: boolean;
  /** Undefined when the driver cannot host companion services. */
  serviceNetwork(machine: M): ServiceNetwork | undefined;
  /** The machine as a container, by drivers that make containers. */
  container?(ctx: ActionContext<C>, machine: M): ContainerView;
  /** The Chef/Cinc client the driver provides, if it does. */
  client(machine: M): ClientInstall | undefined;
  /**
   * Host name or address under which the caller reaches a TCP port of the machine, or undefined when it cannot. Where the
   * driver tells none, the connection's `forwardOut` is used.
   */
  address(machine: M, port: number): { readonly host: string; readonly port: number } | undefined;
}
