import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { GalleyError } from '../../core/errors.ts';
import { isPassing, lasting, lostError, type Place } from './errors.ts';
import { Sessions } from './sessions.ts';

export interface LinkOptions {
  readonly place: Place;
  /** One try. */
  dial(): Promise<Client>;
  /** Tries to connect to a machine that is up, and seconds between them. */
  readonly retries: number;
  readonly retrySleepMs: number;
  /** How long a machine that starts is waited for. */
  readonly patienceMs: number;
  /** Refused logins after which a machine that starts is given up. */
  readonly authRetries: number;
  readonly maxSessions: number;
  readonly signal: AbortSignal;
  /** What is waited for, whenever that changes. */
  readonly onWait: (text: string) => void;
  readonly onNotice: (text: string) => void;
}

/** Between two tries to reach a machine that is starting. */
const POLL_MS = 3000;
const FIRST_POLL_MS = 300;
/** Tries to get a session when no other one runs. */
const ALONE_TRIES = 4;
/** How long one that was there before is waited for: a reboot. */
const REBOOT_MS = 120_000;

/** The one connection to a machine: opened when it is needed, shared by all, opened again when it was lost. */
export class Link {
  readonly #options: LinkOptions;
  readonly #sessions: Sessions;
  #client: Client | undefined;
  #opening: Promise<Client> | undefined;
  /** Why the last connection ended; undefined before the first and while there is one. */
  #lost: string | undefined;
  #isClosed = false;
  readonly #onOpen: ((client: Client) => Promise<void>)[] = [];

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#sessions = new Sessions(options.maxSessions);
  }

  get place(): Place {
    return this.#options.place;
  }

  /** Work to be done on each new connection before anybody gets it. */
  onOpen(work: (client: Client) => Promise<void>): void {
    this.#onOpen.push(work);
  }

  /** The connection, made now unless it is there. `patient`: the machine may still be starting. */
  client(patient = false): Promise<Client> {
    if (this.#client) return Promise.resolve(this.#client);
    this.#opening ??= this.#open(patient).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #open(patient: boolean): Promise<Client> {
    const options = this.#options;
    const since = performance.now();
    const why = this.#lost;
    if (why !== undefined) options.onWait(`connecting again (${why})`);
    const client = await this.#tryOften(patient, why !== undefined);
    // What happens to it while the first work is done counts, too.
    this.#watch(client);
    try {
      for (const work of this.#onOpen) await work(client);
      if (this.#isClosed) throw lostError(options.place, 'it was closed');
    } catch (error) {
      client.end();
      throw error;
    }
    this.#lost = undefined;
    this.#client = client;
    if (why !== undefined) {
      const seconds = Math.round((performance.now() - since) / 1000);
      options.onNotice(`connected again after ${seconds} s; the connection had been lost: ${why}`);
    }
    return client;
  }

  async #tryOften(patient: boolean, again: boolean): Promise<Client> {
    const { retries, retrySleepMs, patienceMs, authRetries, signal, onWait } = this.#options;
    const since = performance.now();
    const limitMs = patient ? patienceMs : again ? Math.min(REBOOT_MS, patienceMs) : Infinity;
    let refused = 0;
    let shown = '';
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      if (this.#isClosed) throw lostError(this.place, 'it was closed');
      try {
        return await this.#options.dial();
      } catch (error) {
        signal.throwIfAborted();
        const spent = performance.now() - since;
        if (!(error instanceof GalleyError)) throw error;
        if (patient && error.code === 'ssh.auth_failed') refused += 1;
        const mayPass = isPassing(error) || (refused > 0 && refused < authRetries);
        const isOver = patient || again ? spent >= limitMs : tries > retries;
        if (!mayPass || isOver) throw lasting(error, tries, spent / 1000);
        if (error.message !== shown && (patient || again)) onWait(`waiting for ssh: ${error.message}`);
        shown = error.message;
        const pause = patient || again ? Math.min(POLL_MS, FIRST_POLL_MS * tries) : retrySleepMs;
        await sleep(refused > 0 ? POLL_MS : pause, undefined, { signal });
      }
    }
  }

  #watch(client: Client): void {
    let why = 'the machine closed it';
    client.on('error', (error) => {
      why = error.message === 'Keepalive timeout' ? 'the machine did not answer any more' : error.message;
    });
    client.once('close', () => {
      if (this.#isClosed) return;
      if (this.#client === client) this.#client = undefined;
      this.#lost = why;
    });
  }

  /** Why there is no connection now, for those whose channel has ended with it. */
  lost(doing: string): GalleyError {
    return lostError(
      this.place,
      this.#isClosed ? 'it was closed' : (this.#lost ?? 'the machine closed it'),
      doing,
    );
  }

  /** Whether a channel of this connection is still on it. */
  isCurrent(client: Client): boolean {
    return this.#client === client;
  }

  /** A session channel, when its turn has come; `leave` when it is done. */
  async session(open: Opener): Promise<{ readonly client: Client; readonly channel: ClientChannel }> {
    await this.#sessions.enter();
    try {
      for (let alone = 1; ; ) {
        this.#options.signal.throwIfAborted();
        const client = await this.client();
        const channel = await opened(client, open).catch((error: Error) => error);
        if (!(channel instanceof Error)) return { client, channel };
        if (/not connected/i.test(channel.message) && this.#client !== client) continue;
        if (!this.isCurrent(client)) throw this.lost('a command');
        if (!/open failed|resource shortage|administratively/i.test(channel.message))
          throw sessionError(this.place, channel);
        if (this.#sessions.refused()) {
          this.#sessions.leave();
          await this.#sessions.enter();
          continue;
        }
        // One that has just ended may still count over there.
        if (alone >= ALONE_TRIES) throw sessionError(this.place, channel);
        alone += 1;
        await sleep(FIRST_POLL_MS);
      }
    } catch (error) {
      this.#sessions.leave();
      throw error;
    }
  }

  leave(): void {
    this.#sessions.leave();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = this.#client ?? (await this.#opening?.catch(() => undefined));
    this.#client = undefined;
    if (!client) return;
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.end();
    await Promise.race([closed, sleep(500, undefined, { ref: false })]);
    client.destroy();
  }
}

export type Opener = (
  client: Client,
  done: (error: Error | undefined, channel: ClientChannel) => void,
) => unknown;

export function opened(client: Client, open: Opener): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    open(client, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

function sessionError(place: Place, cause: Error): GalleyError {
  return new GalleyError({
    code: 'ssh.session_refused',
    kind: 'infrastructure',
    message: `${place.host} let ${place.username} in and then gave no session: ${cause.message}`,
    hint: 'MaxSessions or ForceCommand in its sshd_config, or a login shell that does not exist',
    cause,
  });
}
