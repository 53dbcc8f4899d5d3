import type { Tokens } from '../../src/checks/tokens.ts';
import type { HttpError } from './schema.ts';
import type { TlsFacts } from './tls-facts.ts';

/** One answer, or why there was none. Times are milliseconds since the request began, connecting included. */
export type Outcome =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Lower-case name → all values in order. */
      readonly headers: Readonly<Record<string, readonly string[]>>;
      /** Decoded text. */
      readonly body: string;
      /** Why the body cannot be told as text: an encoding that is unknown or broken. */
      readonly unread?: string | undefined;
      /** Bytes received. */
      readonly size: number;
      /** Bytes kept in `body` when that is not all of it. */
      readonly keptBytes: number | undefined;
      readonly firstMs: number | undefined;
      /** Only of requests from here. */
      readonly tls?: TlsFacts | undefined;
      readonly totalMs: number | undefined;
    }
  | {
      readonly kind: 'none';
      readonly error: HttpError;
      /** The words of the one who noticed, e.g. `connect ECONNREFUSED 127.0.0.1:1`. */
      readonly text: string;
      readonly totalMs: number | undefined;
    };

export interface Exchange {
  readonly n: number;
  readonly tokens: Tokens;
  /** Asked at first, tokens filled in. */
  readonly url: string;
  /** Where redirects led. */
  readonly redirects: readonly string[];
  readonly outcome: Outcome;
  /** Who asked: `GET from here to 127.0.0.1:32768`, `GET by curl inside the instance (exec)`. */
  readonly source: string;
  /** Where the last hop went, `host:port`. */
  readonly address: string;
  readonly isInside: boolean;
  /** The address is a published port: an engine's proxy may answer in the instance's place. */
  readonly isPublished: boolean;
}

/** What one hop needs to know. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
  readonly insecure: boolean;
  readonly keptBytes: number;
  readonly signal: AbortSignal;
  /** Asked instead of what the URL's host resolves to, by tools inside. */
  readonly connectTo?: string | undefined;
}
