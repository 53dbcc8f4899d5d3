import type { Dispatcher } from 'undici';
import { type TlsFacts, watchedConnector } from './tls-facts.ts';

type TlsOptions = Parameters<typeof watchedConnector>[0];

/** Connections that stay open between the requests of a `repeat` with `connection: reuse`. */
export class KeptConnections implements AsyncDisposable {
  readonly #atMost: number;
  readonly #pools = new Map<string, Dispatcher>();
  readonly #tls = new Map<string, TlsFacts | undefined>();

  /** `atMost` connections to one address. */
  constructor(atMost: number) {
    this.#atMost = atMost;
  }

  async to(origin: string, tls: TlsOptions): Promise<Dispatcher> {
    const { Pool } = await import('undici');
    const key = JSON.stringify([origin, tls]);
    // Waited for before looking, so that two requests at once do not make two pools.
    const connect = await watchedConnector(tls, (facts) => this.#tls.set(key, facts));
    const pool =
      this.#pools.get(key) ??
      new Pool(origin, {
        connections: this.#atMost,
        pipelining: 1,
        headersTimeout: 0,
        bodyTimeout: 0,
        connect,
      });
    this.#pools.set(key, pool);
    return pool;
  }

  /** What the newest connection to it told. */
  tlsOf(origin: string, tls: TlsOptions): TlsFacts | undefined {
    return this.#tls.get(JSON.stringify([origin, tls]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }
}
