import { posix } from 'node:path';
import type { Init } from './config.ts';

export interface InitEvidence {
  /** `init:` of the config. */
  readonly wanted: Init | undefined;
  /** pid_one_command, run_command or entrypoint of the config. */
  readonly command: readonly string[] | undefined;
  /** The reference that was asked for. */
  readonly imageRef: string;
  /** Entrypoint and Cmd of the image itself. */
  readonly imageCommand: readonly string[];
}

/**
 * Whether systemd is process 1. In this order: what `init:` says; whether the config's own command is an init; whether
 * the image's own command is one; whether it is a `dokken/` image, which are made to be booted. Otherwise not.
 */
export function decideInit(evidence: InitEvidence): Init {
  if (evidence.wanted !== undefined) return evidence.wanted;
  if (evidence.command !== undefined) return isInit(evidence.command) ? 'systemd' : 'none';
  if (isInit(evidence.imageCommand)) return 'systemd';
  return evidence.imageRef.startsWith('dokken/') ? 'systemd' : 'none';
}

/** `/lib/systemd/systemd`, `/usr/lib/systemd/systemd`, `/sbin/init`, `/usr/sbin/init`, with any arguments. */
function isInit(command: readonly string[]): boolean {
  const [program = ''] = command;
  return posix.basename(program) === 'systemd' || /^(\/usr)?\/sbin\/init$/.test(program);
}
