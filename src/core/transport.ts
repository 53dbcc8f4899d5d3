import type { Readable, Writable } from 'node:stream';
import type { z } from 'zod';
import type { ActionContext } from './action-context.ts';
import type { Endpoint } from './endpoint.ts';

export interface ExecuteOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the user that can do everything (root, or sudo). */
  readonly user?: string;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** The command and its children are killed after this time and the call throws. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
  /**
   * Asks for the right to read other processes' memory and environment (CAP_SYS_PTRACE). The transport chooses how
   * and says so in `via`.
   */
  readonly inspectProcesses?: boolean;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** How it was run: `exec`, `sidecar`, `sudo`, … */
  readonly via: string;
}

/** Safe for concurrent use. A non-zero exit is a result; only a broken connection, a timeout or an abort throws. */
export interface Connection extends AsyncDisposable {
  /** Runs argv without a shell. */
  execute(argv: readonly string[], options?: ExecuteOptions): Promise<CommandResult>;
  /**
   * Unpacks a tar stream into `remoteDir`, which is made when missing. Owner and mode are those in the tar. Throws
   * `transport.transfer_failed`, or what the stream itself breaks with.
   */
  upload(tar: Readable, remoteDir: string): Promise<void>;
  /** Tar stream of a file or folder. Throws `transport.no_such_path` (infrastructure) when it does not exist. */
  download(remotePath: string): Promise<Readable>;
  /**
   * Content of one regular file, symlinks followed; undefined when it does not exist. Throws `transport.not_a_file` for
   * anything else.
   */
  readFile(remotePath: string): Promise<Buffer | undefined>;
  /** The local command that gives the user an interactive shell. */
  loginCommand(options: { readonly tty: boolean }): readonly string[];
  /** An interactive shell through this connection, which wins over `loginCommand`. Gives its exit code. */
  shell?(terminal: ShellTerminal): Promise<number>;
  /**
   * Resolves when the machine takes commands, with the patience that a machine needs which is still starting. Without
   * it a connection is ready as soon as it is there.
   */
  waitUntilReady?(): Promise<void>;
  /** Lets programs that log in by themselves in for the next moment, where each login must be announced. */
  admit?(): Promise<void>;
  /** A local address that leads to a TCP port on the machine's loopback, as long as the connection is there. */
  forwardOut?(port: number): Promise<TcpAddress>;
  /** No port of the machine can be reached through it from here: checks that would, ask on the machine itself. */
  readonly asksInside?: boolean;
  /** Connections on the machine to a TCP port of its loopback come to `target` on the caller's side. */
  forwardIn?(port: number, target: TcpAddress): Promise<void>;
}

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** Where a user types. */
export interface ShellTerminal {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  readonly output: Writable & { readonly columns?: number; readonly rows?: number };
  readonly error: Writable;
  /** Value of TERM. */
  readonly term: string | undefined;
}

export interface Transport<C = unknown> {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Kinds of endpoint it can serve. */
  readonly endpoints: readonly Endpoint['kind'][];
  readonly config: z.ZodType<C>;
  /** Its connections have `forwardIn`, so that services on the caller's side can be reached from the machine. */
  readonly leadsBack?: boolean;
  /**
   * IPv4 address of the caller at which machines reach its services without the connection, if the settings name one;
   * `auto`: the address that this machine has towards them.
   */
  serviceAddress?(config: C): string | undefined;
  connect(ctx: ActionContext<C>, endpoint: Endpoint): Promise<Connection>;
  /** After a machine was destroyed: what was remembered of it does not hold for the next one. */
  forget?(ctx: ActionContext<C>): Promise<void>;
  /** The endpoint with what the settings say of it, for programs that connect by themselves. */
  reach?(config: C, endpoint: Endpoint): Endpoint;
}
