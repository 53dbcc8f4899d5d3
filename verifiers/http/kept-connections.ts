import type { Dispatcher } from 'undici';

/** Connections that stay open between the requests of a `repeat` with `connection: reuse`. */
export class KeptConnections implements AsyncDisposable {
  readonly #atMost: number;
  readonly #pools = new Map<string, Dispatcher>();

  /** `atMost` connections to one address. */
  constructor(atMost: number) {
    this.#atMost = atMost;
  }

  async to(origin: string, connect: object): Promise<Dispatcher> {
    const { Pool } = await import('undici');
    const key = JSON.stringify([origin, connect]);
    const pool =
      this.#pools.get(key) ??
      new Pool(origin, {
        connections: this.#atMost,
        pipelining: 1,
        headersTimeout: 0,
        bodyTimeout: 0,
        connect: { timeout: 0, ...connect },
      });
    this.#pools.set(key, pool);
    return pool;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }
}
