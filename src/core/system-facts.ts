/** What a look should tell of the machine's own setup. Part of `SnapshotNeeds`; merged by union. */
export interface SystemNeeds {
  /** `groups`: all groups it is in; `sudo`: what sudo lets it do; `keys`: its authorized SSH keys. */
  readonly users?: readonly {
    readonly name: string;
    readonly groups: boolean;
    readonly sudo: boolean;
    readonly keys: boolean;
  }[];
  readonly groups?: readonly string[];
  readonly packages?: readonly PackageNeed[];
  /** Mount points; all mounts are read, `usage` asks for the space in use there. */
  readonly mounts?: readonly { readonly path: string; readonly usage: boolean }[];
  /** Names of kernel parameters, e.g. `net.core.somaxconn`. */
  readonly sysctls?: readonly string[];
  /** Network interfaces with their addresses, and the routing tables. */
  readonly network?: boolean;
  /** Crontabs, the folders of cron, and systemd's timers. */
  readonly cron?: boolean;
}

export type PackageProvider = 'system' | 'gem' | 'pip' | 'npm';

export interface PackageNeed {
  readonly name: string;
  readonly provider: PackageProvider;
  /** Virtualenv, project or gem folder; only for gem, pip and npm. */
  readonly folder: string | undefined;
  /** Asks which repository it came from. */
  readonly repo: boolean;
  /** Asks which of its files were changed. */
  readonly verify: boolean;
}

/** `error` of any fact: why it could not be looked at, which is not the same as absent. */
export interface UserFact {
  readonly name: string;
  readonly found: boolean;
  readonly uid?: number;
  readonly gid?: number;
  readonly comment?: string;
  readonly home?: string;
  readonly shell?: string;
  /** From a directory service, not from /etc/passwd. */
  readonly isRemote?: boolean;
}

export interface GroupFact {
  readonly name: string;
  readonly found: boolean;
  readonly gid?: number;
  /** Listed in the group's own entry. */
  readonly members?: readonly string[];
}

/** A value, or why it is not known. */
export type Known<T> = { readonly value: T } | { readonly error: string };

export interface AccountFacts {
  /** All local users and those asked for by name. */
  readonly users: readonly UserFact[];
  readonly groups: readonly GroupFact[];
  /** Names (`passwd NAME`, `group NAME`) that are not local and that nobody could be asked about: why not. */
  readonly unsure: ReadonlyMap<string, string>;
  /** By user name, as `passwd -S` tells them: usable password, locked, or none at all. */
  readonly passwords: ReadonlyMap<string, Known<'set' | 'locked' | 'none'>>;
  readonly groupsOf: ReadonlyMap<string, Known<readonly string[]>>;
  /** Rules as `sudo -l` prints them; empty: none. */
  readonly sudo: ReadonlyMap<string, Known<readonly string[]>>;
  readonly keys: ReadonlyMap<
    string,
    Known<{ readonly lines: readonly string[]; readonly files: readonly string[] }>
  >;
}

export type PackageManager = 'dpkg' | 'rpm' | 'apk';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  readonly held?: boolean;
}

/** The installed packages of one provider (and folder). */
export interface PackageTable {
  readonly provider: PackageProvider;
  readonly folder: string | undefined;
  /** Only of provider `system`. */
  readonly manager?: PackageManager;
  readonly installed: readonly InstalledPackage[];
  /** Known to the manager and not installed, e.g. `config-files`. */
  readonly leftovers: readonly { readonly name: string; readonly state: string }[];
  /** Where it was looked, in words. */
  readonly source: string;
  readonly error?: string;
}

export interface PackageFacts {
  readonly tables: readonly PackageTable[];
  /** By package name: `URL SUITE COMPONENT` or the repository's name. */
  readonly repos: ReadonlyMap<string, Known<readonly string[]>>;
  /** By package name: files that differ from what was installed. */
  readonly changed: ReadonlyMap<string, Known<readonly ChangedFile[]>>;
}

export interface ChangedFile {
  readonly path: string;
  readonly isConfig: boolean;
  readonly isMissing: boolean;
}

export interface MountFact {
  readonly path: string;
  /** Device, share or word of the file system, e.g. `/dev/sda1`, `tmpfs`. */
  readonly source: string;
  readonly fs: string;
  /** Of the mount and of the file system. */
  readonly options: readonly string[];
  /** What of the source is mounted, when not all of it (a bind mount). */
  readonly root: string;
}

/** Space of the file system at a path, from df. */
export interface UsageFact {
  readonly totalKb: number;
  readonly freeKb: number;
  readonly percent: number;
}

export interface MountFacts {
  readonly mounts: readonly MountFact[];
  readonly usage: ReadonlyMap<string, Known<UsageFact>>;
}

export interface SysctlFact {
  readonly name: string;
  readonly exists: boolean;
  /** White space squeezed to single spaces. */
  readonly value?: string;
  /** Names beside it, when it does not exist. */
  readonly siblings: readonly string[];
  readonly error?: string;
}

export interface InterfaceFact {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  /** The kernel's word: up, down, unknown, lower-layer-down … */
  readonly state: string;
  readonly mtu: number;
  readonly mac: string;
  /** With prefix length, e.g. `172.17.0.2/16`. */
  readonly addresses: readonly string[];
}

export interface RouteFact {
  /** `default`, or network with prefix length. */
  readonly to: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly via: string | undefined;
  readonly interface: string | undefined;
  readonly metric: number;
  /** Preferred source address. */
  readonly source: string | undefined;
  /** `main`, `local`, `default` or its number. */
  readonly table: string;
  /** unicast, local, broadcast, blackhole … */
  readonly type: string;
}

export interface CronFact {
  /** Five fields or `@daily`; of a timer, its calendar. */
  readonly schedule: string;
  readonly user: string | undefined;
  readonly command: string;
  /** Where it is written: a file, or the timer's name. */
  readonly file: string;
  readonly kind: 'crontab' | 'folder' | 'timer';
  /** Why it never runs, when that is so. */
  readonly ignored?: string;
}

export interface SystemFacts {
  readonly accounts?: AccountFacts;
  readonly packages?: PackageFacts;
  readonly mounts?: MountFacts;
  readonly sysctls?: readonly SysctlFact[];
  readonly interfaces?: readonly InterfaceFact[];
  readonly routes?: readonly RouteFact[];
  readonly cron?: readonly CronFact[];
}

export type SystemSection = 'accounts' | 'packages' | 'mounts' | 'sysctls' | 'network' | 'cron';
