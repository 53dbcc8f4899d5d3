import type { ActionContext } from './action-context.ts';
import type { ServiceNetwork } from './driver.ts';
import type { ServiceSpec } from './service.ts';
import type { Companion } from './surroundings.ts';
import type { TcpAddress } from './transport.ts';

/** What the state file keeps of a started companion service. */
export interface ServiceState {
  readonly containerName: string;
  readonly containerId?: string | undefined;
  readonly image: string;
  /** Hash of everything the service was started with; a different one means it must be made anew. */
  readonly configHash: string;
  readonly engine: string;
  /** The network that was made for the services of a machine that is elsewhere; goes with them. */
  readonly networkName?: string | undefined;
  /** Address of the caller at which its ports are open, when machines reach it there by themselves. */
  readonly openAt?: string | undefined;
}

/** Starts and removes the companion services of an instance. */
export interface ServiceHost {
  /**
   * Starts all in parallel and waits for them. `record` is awaited before each is made. Running ones are reused.
   * Without a network of the machine they are on one of their own, on the caller's engine, and their ports are published
   * on the caller's side: on its loopback, and at `openAt`, an IPv4 address of it, when that is given.
   */
  start(
    ctx: ActionContext,
    network: ServiceNetwork | undefined,
    services: Readonly<Record<string, ServiceSpec>>,
    known: Readonly<Record<string, ServiceState>>,
    record: (name: string, state: ServiceState) => Promise<void>,
    openAt?: string,
  ): Promise<void>;
  /** Names of the known services whose container does not run. */
  stopped(ctx: ActionContext, states: Readonly<Record<string, ServiceState>>): Promise<readonly string[]>;
  /**
   * Where the TCP ports of a service that is on no network of the machine are open: port → address. It is the caller's
   * loopback, or the address that machines use.
   */
  published(ctx: ActionContext, state: ServiceState): Promise<ReadonlyMap<number, TcpAddress>>;
  /** How checks look into a started service; connects when it is first used. */
  look(ctx: ActionContext, state: ServiceState): Pick<Companion, 'execute' | 'facts' | 'log'>;
  /** Succeeds when they are gone already. */
  destroy(ctx: ActionContext, states: Readonly<Record<string, ServiceState>>): Promise<void>;
}
