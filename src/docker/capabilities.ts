import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from './connect.ts';
import { keep, readKept } from './kept-json.ts';

/** Names by bit number, without `CAP_` (linux/capability.h). */
export const CAPABILITIES: readonly string[] = `
  CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
  NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT
  SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE
  AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ
  PERFMON BPF CHECKPOINT_RESTORE
`
  .trim()
  .split(/\s+/);

/** What an engine can give to a container. */
export interface Grantable {
  /** False when it could not be found out; `missing` is then empty. */
  readonly known: boolean;
  /** Capabilities that no container can get; asking for one (also through ALL or `privileged`) fails the start. */
  readonly missing: readonly string[];
  /** Where the answer comes from: `dockerd`, `container`, `none`. */
  readonly source: 'dockerd' | 'container' | 'none';
}

export interface GrantableOptions {
  readonly cacheDir: string;
  /** An image on the engine with /bin/sh, for the trial container of a remote engine. */
  readonly image?: string;
}

const MEMORY_MS = 24 * 3600_000;

/**
 * Which capabilities the engine's own bounding set lacks. For an engine on this machine that is read from its
 * process; for another, from a short-lived container that sees the engine's processes, remembered for a day.
 */
export async function grantableCapabilities(engine: Engine, options: GrantableOptions): Promise<Grantable> {
  const local = engine.isLocal ? await boundingSetOfDockerd() : undefined;
  if (local !== undefined) return { known: true, missing: missingFrom(local), source: 'dockerd' };
  const file = join(
    options.cacheDir,
    'engines',
    `${createHash('sha256').update(`${engine.info.id} ${engine.info.version}`).digest('hex').slice(0, 12)}.json`,
  );
  const remembered = await recall(file);
  if (remembered) return remembered;
  if (options.image === undefined) return { known: false, missing: [], source: 'none' };
  const tried = await boundingSetByContainer(engine, options.image);
  if (tried === undefined) return { known: false, missing: [], source: 'none' };
  const answer: Grantable = { known: true, missing: missingFrom(tried), source: 'container' };
  await keep(file, { at: Date.now(), answer } satisfies Kept);
  return answer;
}

/** Names of the capabilities whose bit is not set in `CapBnd:` of a /proc/PID/status text. */
export function missingFrom(status: string): readonly string[] {
  const hex = /^CapBnd:\s*([0-9a-f]+)/m.exec(status)?.[1];
  if (hex === undefined) return [];
  const bits = BigInt(`0x${hex}`);
  return CAPABILITIES.filter((_, bit) => ((bits >> BigInt(bit)) & 1n) === 0n && bit <= lastBit(bits));
}

/** An older kernel does not know the last names: bits above the highest set one are not missing but unknown. */
function lastBit(bits: bigint): number {
  return bits.toString(2).length - 1;
}

async function boundingSetOfDockerd(): Promise<string | undefined> {
  const fromFile = await readFile('/var/run/docker.pid', 'utf8').catch(() => '');
  const pids = [fromFile.trim(), ...(await readdir('/proc').catch(() => []))];
  for (const pid of pids) {
    if (!/^\d+$/.test(pid)) continue;
    const comm = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (comm.trim() !== 'dockerd') continue;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (/^CapBnd:/m.test(status)) return status;
  }
  return undefined;
}

/** /proc/PID/status is readable for everybody, so this needs no rights but the engine's process namespace. */
async function boundingSetByContainer(engine: Engine, image: string): Promise<string | undefined> {
  const script =
    'for d in /proc/[0-9]*; do read -r c < $d/comm && [ "$c" = dockerd ] && cat $d/status && exit 0; done 2>/dev/null; exit 1';
  try {
    const container = await engine.docker.createContainer({
      Image: image,
      Entrypoint: ['/bin/sh', '-c', script],
      Labels: { 'galley-cache': 'look' },
      Tty: true,
      NetworkDisabled: true,
      HostConfig: { PidMode: 'host' },
    });
    try {
      await container.start();
      const { StatusCode } = (await container.wait()) as { StatusCode: number };
      const log = await container.logs({ stdout: true, follow: false });
      return StatusCode === 0 ? log.toString('utf8').replaceAll('\r', '') : undefined;
    } finally {
      await container.remove({ force: true, v: true }).catch(() => undefined);
    }
  } catch {
    return undefined;
  }
}

interface Kept {
  readonly at: number;
  readonly answer: Grantable;
}

async function recall(file: string): Promise<Grantable | undefined> {
  const kept = (await readKept(file)) as Kept | undefined;
  return kept && Math.abs(Date.now() - kept.at) < MEMORY_MS ? kept.answer : undefined;
}
