import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Server as TcpServer } from 'node:net';
import type tap from 'tap';
import type { CheckResult, Repeat } from '../src/core/check.ts';
import type { ProcessFact, SocketFact } from '../src/core/snapshot.ts';
import type { Probe } from '../src/core/verifier.ts';
import { httpVerifier } from '../verifiers/http/index.ts';
import { LocalConnection } from './local-connection.ts';

type Test = Pick<typeof tap, 'teardown'>;

/** Starts a server on 127.0.0.1 for the time of the test; its port. */
export async function listen(t: Test, server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** What answers; when it throws, the test ends with its error. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Serves HTTP on 127.0.0.1 for the time of the test; the port. */
export async function serve(t: Test, answer: Answer): Promise<number> {
  return await listen(
    t,
    createServer((request, response) => void answer(request, response)),
  );
}

interface Given {
  readonly repeat?: Repeat;
  readonly sockets?: readonly Partial<SocketFact>[];
  readonly processes?: readonly Partial<ProcessFact>[];
}

/** Port 80 and 443 of "the instance" are published at `port`; every other port is published as itself. */
export async function check(port: number, item: object, given: Given = {}): Promise<readonly CheckResult[]> {
  const spec = httpVerifier.spec.parse(item);
  const probe = {
    connection: new LocalConnection('/', process.env),
    snapshot: { sockets: given.sockets ?? [], processes: given.processes ?? [] },
    address: (asked: number) =>
      asked === 9 ? undefined : { host: '127.0.0.1', port: asked === 80 || asked === 443 ? port : asked },
    signal: new AbortController().signal,
    repeat: given.repeat,
  } as unknown as Probe;
  return httpVerifier.judge(spec, await httpVerifier.observe(spec, probe));
}

/**
 * A port on which nothing listens. One that was just given back may be the next that another server gets; none gets one
 * below 1024 without having asked for it.
 */
export async function closedPort(): Promise<number> {
  for (let port = 1021; port > 1000; port--) if (await isRefused(port)) return port;
  throw new Error('something listens on each port from 1001 to 1021');
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
