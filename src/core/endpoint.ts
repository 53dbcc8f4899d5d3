/** How to reach a machine; a transport of the same kind connects to it. */
export type Endpoint =
  | { readonly kind: 'docker'; readonly containerId: string; readonly engine: string }
  | SshEndpoint
  | {
      readonly kind: 'ssm';
      readonly instanceId: string;
      readonly region: string;
      readonly profile?: string | undefined;
      /** An address of the machine, when the driver knows one. */
      readonly host?: string | undefined;
    };

/** What the driver knows of the way to a machine. What the user wrote under `transport:` wins over it. */
export interface SshEndpoint {
  readonly kind: 'ssh';
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Fingerprints of its host keys as `SHA256:…`, read where nobody between could change them (console output). */
  readonly hostKeys?: readonly string[] | undefined;
  /** Absolute path of the private key that was made for it. */
  readonly keyFile?: string | undefined;
  readonly password?: string | undefined;
  /** Local command whose input and output lead to its sshd, where no address does; `%h`, `%p`, `%r` as in ssh. */
  readonly proxyCommand?: string | undefined;
  readonly admission?: KeyAdmission | undefined;
}

/** Whoever lets a key in for a moment only, such as EC2 Instance Connect: asked before each login. */
export interface KeyAdmission {
  /** What it is called, for messages. */
  readonly by: string;
  /** What to look at when the machine refuses the key all the same. */
  readonly hint: string;
  /** `publicKey`: a line as in authorized_keys. Throws what the service refused with. */
  letIn(publicKey: string, username: string): Promise<void>;
}
