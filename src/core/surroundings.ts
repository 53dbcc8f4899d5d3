import type { ConvergeResult } from './provisioner.ts';
import type { ServiceAddress } from './service.ts';
import type { CommandResult, ExecuteOptions } from './transport.ts';

/** What an image says of the containers made from it, or what a container was made with. */
export interface ImageFacts {
  /** The reference that was asked for, e.g. `postgres:15`. */
  readonly ref: string;
  /** Content id, `sha256:…`. */
  readonly id: string;
  readonly env: Readonly<Record<string, string>>;
  /** `80/tcp` */
  readonly ports: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** Empty when the image names none, which means root. */
  readonly user: string;
  readonly volumes: readonly string[];
  readonly workdir: string;
}

/** One line of a container's output. */
export interface ContainerLogLine {
  /** Seconds since the epoch, with fraction, by the engine's clock. */
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface ContainerLog {
  readonly lines: readonly ContainerLogLine[];
  /** There was more than is kept; the oldest lines are missing. */
  readonly isCut: boolean;
}

/** What can be learned of a container from outside it. Everything throws when the engine does not answer. */
export interface ContainerView {
  /** `image`: what it was made from; `container`: what it runs with. */
  facts(): Promise<{ readonly image: ImageFacts; readonly container: ImageFacts }>;
  /** Its output since that time (seconds since the epoch), all of it without. */
  log(since: number | undefined): Promise<ContainerLog>;
}

/** A companion service as checks reach it. */
export interface Companion extends ContainerView {
  /** The image as the config names it. */
  readonly image: string;
  readonly address: ServiceAddress;
  /** Runs argv inside it, as root unless told otherwise. A non-zero exit is a result. */
  execute(
    argv: readonly string[],
    options?: Pick<ExecuteOptions, 'env' | 'user' | 'stdin' | 'timeoutMs' | 'signal'>,
  ): Promise<CommandResult>;
}

/** What lies around an instance that checks may look at beside the instance itself. */
export interface Surroundings {
  /** Name of the instance, under which its companions reach it. */
  readonly instance: string;
  readonly companions: ReadonlyMap<string, Companion>;
  /** The container that the instance is; undefined for other machines. */
  readonly container: ContainerView | undefined;
  /** Runs the provisioner once more, a single time and without a verdict on what it changed. */
  convergeAgain(): Promise<ConvergeResult>;
}

/** What a check remembered at the start of a converge or of verification. */
export type Mark = { readonly value: unknown } | { readonly error: string };
