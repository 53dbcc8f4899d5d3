import type { EngineInfo } from '../../src/docker/connect.ts';

/**
 * What systemd as process 1 needs of a container without --privileged, measured with Debian 11, 12 and 13 on cgroup
 * v1 and v2: the engine's default capabilities and SYS_ADMIN, under the default seccomp profile. Without SYS_ADMIN it
 * boots on cgroup v1 too, but every unit with PrivateUsers, DynamicUser or a mount of its own fails.
 */
export const SYSTEMD_CAPABILITIES = ['SYS_ADMIN'] as const;

/** In memory, as the init system expects; the engine would add noexec. */
export const SYSTEMD_TMPFS: Readonly<Record<string, string>> = {
  '/run': 'rw,exec,nosuid,nodev,mode=755',
  '/run/lock': 'rw,nosuid,nodev,noexec,mode=1777',
};

/** Shuts systemd down in an orderly way (systemd(1), SIGRTMIN+3). */
export const SYSTEMD_STOP_SIGNAL = 'SIGRTMIN+3';

const SYSTEMD = ['/lib/systemd/systemd'];

/**
 * The engine mounts the cgroup tree read-only into containers that are not privileged, and systemd gives up when it
 * cannot make a group of its own. The container sees its own part only (private cgroup namespace), so that part is
 * made writable before systemd starts: cgroup v2's one tree, or v1's `name=systemd`.
 */
const WRITABLE_CGROUPS =
  'for d in /sys/fs/cgroup /sys/fs/cgroup/systemd; do mount -o remount,bind,rw "$d"; done 2>/dev/null; exec "$@"';

export interface SystemdPlan {
  readonly command: readonly string[];
  readonly binds: readonly string[];
  readonly cgroupnsMode: 'private' | 'host' | undefined;
  readonly securityOpt: readonly string[];
}

/** How systemd gets its cgroups. `shared`: the config binds the host's tree itself, or wants the host's namespace. */
export function planSystemd(
  info: Pick<EngineInfo, 'apiVersion' | 'cgroupVersion' | 'securityOptions'>,
  command: readonly string[] | undefined,
  shared: boolean,
): SystemdPlan {
  const init = command ?? SYSTEMD;
  if (shared) return { command: init, binds: [], cgroupnsMode: 'host', securityOpt: [] };
  // Private cgroup namespaces came with engine 20.10 (API 1.41).
  if (!isAtLeast(info.apiVersion, 1, 41)) {
    return {
      command: init,
      binds: ['/sys/fs/cgroup:/sys/fs/cgroup:rw'],
      cgroupnsMode: undefined,
      securityOpt: [],
    };
  }
  const hasAppArmor = info.securityOptions.some((option) => option.includes('name=apparmor'));
  return {
    command: ['/bin/sh', '-c', WRITABLE_CGROUPS, 'sh', ...init],
    binds: [],
    cgroupnsMode: 'private',
    // The docker-default profile denies every mount, also with SYS_ADMIN.
    securityOpt: hasAppArmor ? ['apparmor=unconfined'] : [],
  };
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a > major || (a === major && b >= minor);
}
