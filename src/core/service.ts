/** When a companion service counts as started. Exactly one key, or `all` of several. */
export type ServiceWait =
  | { readonly log: string; readonly times?: number | undefined }
  | { readonly port: number }
  | { readonly command: string }
  | { readonly health: true }
  | { readonly http: { readonly path: string; readonly port: number; readonly status?: number | undefined } }
  | { readonly all: readonly ServiceWait[] };

/** A companion of an instance, such as its database, reachable from it under the service's name. */
export interface ServiceSpec {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** TCP ports inside the container; the first is the main one. */
  readonly ports: readonly number[];
  readonly command: readonly string[] | undefined;
  readonly wait: ServiceWait | undefined;
  /** Seconds to wait for it; default 60. */
  readonly timeout: number;
  /** Overrides the derived connection URL. */
  readonly url: string | undefined;
}

/** What attributes and checks may use as `${services.NAME.KEY}`; all known before anything is started. */
export interface ServiceAddress {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** `${services.NAME.env.KEY}` */
  readonly env: Readonly<Record<string, string>>;
}
