import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, TcpConnectionDetails } from 'ssh2';
import { GalleyError } from '../../core/errors.ts';
import type { TcpAddress } from '../../core/transport.ts';
import type { Link } from './link.ts';

const LOOPBACK = '127.0.0.1';
const TRIES = 4;
const RETRY_MS = 500;

/** Ports that lead through the connection, in both directions. */
export class Forwards {
  readonly #link: Link;
  readonly #out = new Map<number, Promise<Server>>();
  readonly #in = new Map<number, TcpAddress>();
  readonly #sockets = new Set<Socket>();

  constructor(link: Link) {
    this.#link = link;
    link.onOpen((client) => this.#openAgain(client));
  }

  /** A local address that leads to a port on the machine's loopback. */
  async out(port: number): Promise<TcpAddress> {
    const found = this.#out.get(port) ?? this.#listen(port);
    this.#out.set(port, found);
    const { port: local } = (await found).address() as AddressInfo;
    return { host: LOOPBACK, port: local };
  }

  async #listen(port: number): Promise<Server> {
    const server = createServer((socket) => void this.#carryOut(socket, port));
    server.listen(0, LOOPBACK);
    await once(server, 'listening');
    server.unref();
    return server;
  }

  /** A port on which nothing listens there resets the caller, as it would without the tunnel. */
  async #carryOut(socket: Socket, port: number): Promise<void> {
    this.#keep(socket);
    try {
      const client = await this.#link.client();
      client.forwardOut(LOOPBACK, socket.remotePort ?? 0, LOOPBACK, port, (error, channel) => {
        if (error) {
          socket.resetAndDestroy();
          return;
        }
        join(socket, channel);
      });
    } catch {
      socket.resetAndDestroy();
    }
  }

  /** Connections on the machine to a port of its loopback come to `target`. Throws `ssh.forward_refused`. */
  async in(port: number, target: TcpAddress): Promise<void> {
    const known = this.#in.get(port);
    this.#in.set(port, target);
    if (known) return;
    const client = await this.#link.client();
    // A connection made just now has opened it already.
    if (!this.#opened.get(client)?.has(port)) await this.#open(client, port);
  }

  readonly #opened = new WeakMap<Client, Set<number>>();

  async #openAgain(client: Client): Promise<void> {
    client.on('tcp connection', (details: TcpConnectionDetails, accept, reject) => {
      const target = this.#in.get(details.destPort);
      if (!target) return reject();
      const socket = connect({ host: target.host, port: target.port, noDelay: true });
      this.#keep(socket);
      socket.once('connect', () => join(socket, accept()));
      socket.once('error', () => reject());
      return undefined;
    });
    for (const port of this.#in.keys()) await this.#open(client, port);
  }

  async #open(client: Client, port: number): Promise<void> {
    const ports = this.#opened.get(client) ?? new Set();
    this.#opened.set(client, ports.add(port));
    for (let tries = 1; ; tries += 1) {
      try {
        await listenThere(client, port);
        return;
      } catch (error) {
        // After a connection was lost, its sshd may hold the port for a moment more.
        if (tries < TRIES) {
          await sleep(RETRY_MS);
          continue;
        }
        ports.delete(port);
        throw this.#refused(port, error as Error);
      }
    }
  }

  #refused(port: number, cause: Error): GalleyError {
    this.#in.delete(port);
    return new GalleyError({
      code: 'ssh.forward_refused',
      kind: 'infrastructure',
      message: `port ${port} of ${this.#link.place.host} cannot be led to this machine: ${cause.message}`,
      hint: `something listens on ${port} there already (ss -ltnp), or its sshd_config says AllowTcpForwarding no`,
      cause,
    });
  }

  #keep(socket: Socket): void {
    socket.on('error', () => undefined);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const listening of this.#out.values()) (await listening.catch(() => undefined))?.close();
    this.#out.clear();
  }
}

function listenThere(client: Client, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    client.forwardIn(LOOPBACK, port, (error) => (error ? reject(error) : resolve()));
  });
}

function join(socket: Socket, channel: NodeJS.ReadWriteStream & { destroy(): unknown }): void {
  channel.on('error', () => socket.destroy());
  socket.pipe(channel).pipe(socket);
  channel.once('close', () => socket.destroySoon());
  socket.once('close', () => channel.destroy());
}
