import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from 'dockerode';
import { type BoundPorts, Wait, type WaitStrategy } from 'testcontainers';
import type { ServiceWait } from '../core/service.ts';
import type { Engine } from '../docker/connect.ts';
import { containerState } from '../docker/container-state.ts';
import { execInContainer } from '../docker/exec.ts';

export interface WaitInput {
  readonly engine: Engine;
  /** Name of the container, for messages. */
  readonly name: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Ports that must be published for the wait, because testcontainers asks them from here. */
export function portsAskedFromHere(wait: ServiceWait | undefined): readonly number[] {
  if (wait === undefined) return [];
  if ('http' in wait) return [wait.http.port];
  return 'all' in wait ? wait.all.flatMap(portsAskedFromHere) : [];
}

/**
 * A wait of testcontainers that neither throws nor ends before all parts hold, one after the other. Testcontainers
 * would remove a container that did not become ready, and with it the evidence: what went wrong is kept in `failure`.
 */
export function keepingWait(
  wait: ServiceWait | undefined,
  input: WaitInput,
): WaitStrategy & { failure?: Error } {
  const parts = partsOf(wait).map((part) => strategyOf(part, input).withStartupTimeout(input.timeoutMs));
  return {
    async waitUntilReady(container, boundPorts, startTime) {
      const over = new AbortController();
      const all = async () => {
        for (const part of parts) await part.waitUntilReady(container, boundPorts, startTime);
        if (parts.length === 0) await sleep(300, undefined, { signal: over.signal });
      };
      try {
        // Each part has a limit of its own; together they have the same one.
        const late = sleep(input.timeoutMs, undefined, { signal: over.signal }).then(() => {
          throw new Error(`no answer within ${input.timeoutMs / 1000} s`);
        });
        await Promise.race([all(), late, watch(container, input, over.signal)]);
        await assertRuns(container, input);
      } catch (error) {
        this.failure = error as Error;
      } finally {
        over.abort();
      }
    },
    withStartupTimeout() {
      return this;
    },
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => input.timeoutMs,
  };
}

function partsOf(wait: ServiceWait | undefined): readonly Exclude<ServiceWait, { all: unknown }>[] {
  if (wait === undefined) return [];
  return 'all' in wait ? wait.all.flatMap(partsOf) : [wait];
}

function strategyOf(wait: Exclude<ServiceWait, { all: unknown }>, input: WaitInput): WaitStrategy {
  if ('log' in wait) return Wait.forLogMessage(wait.log, wait.times ?? 1);
  if ('command' in wait) return Wait.forSuccessfulCommand(wait.command);
  if ('health' in wait) return Wait.forHealthCheck();
  if ('port' in wait) return listening(wait.port, input);
  const { path, port, status } = wait.http;
  const http = Wait.forHttp(path, port, { abortOnContainerExit: true });
  return status === undefined ? http : http.forStatusCode(status);
}

/** State 0A is LISTEN (include/net/tcp_states.h); ports are hexadecimal in /proc/net/tcp. */
const LISTENS = `
until grep -qi "^ *[0-9]*: [0-9A-F]*:$1 [0-9A-F]*:0000 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null; do
  command -v grep >/dev/null || exit 127
  sleep 0.1
done
`;

/**
 * One exec that waits inside. Testcontainers' own check wants the port published and takes any socket with that local
 * port, also an outgoing connection, for a listening one.
 */
function listening(port: number, input: WaitInput): WaitStrategy {
  const strategy: WaitStrategy = {
    async waitUntilReady(container: Container, _ports: BoundPorts) {
      const { engine, name, timeoutMs, signal } = input;
      const argv = ['/bin/sh', '-c', LISTENS, 'sh', port.toString(16).toUpperCase().padStart(4, '0')];
      const { exitCode } = await execInContainer(engine, container.id, { argv, name, timeoutMs, signal });
      if (exitCode === 0) return;
      throw new Error(`cannot look at its ports: the image has no shell with grep; use wait: {log: …}`);
    },
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => input.timeoutMs,
  };
  return strategy;
}

/** Rejects when the container stops or the caller cancels; most waits would go on to their end. */
async function watch(container: Container, input: WaitInput, over: AbortSignal): Promise<never> {
  const signal = AbortSignal.any([over, input.signal]);
  while (!signal.aborted) {
    await sleep(250, undefined, { signal }).catch(() => undefined);
    input.signal.throwIfAborted();
    if (!signal.aborted) await assertRuns(container, input);
  }
  return new Promise<never>(() => {});
}

async function assertRuns(container: Container, { engine }: WaitInput): Promise<void> {
  const { status, exitCode } = await containerState(engine, container.id);
  if (status !== 'running') throw new Stopped(status, exitCode);
}

/** The container ended while it was waited for. */
export class Stopped extends Error {
  constructor(status: string, exitCode: number) {
    super(status === 'gone' ? 'was removed' : `stopped with exit code ${exitCode}`);
  }
}
