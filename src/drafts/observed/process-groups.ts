import { isNamed } from '../../checks/probe/select-processes.ts';
import type { ProcessFact, Snapshot } from '../../core/snapshot.ts';

/** Processes of one program of one service. */
export interface ProcessGroup {
  readonly name: string;
  readonly unit: string | undefined;
  readonly processes: readonly ProcessFact[];
  /** Those whose parent is one of them; empty when there is no such pair. */
  readonly workers: readonly ProcessFact[];
  /** As `process:` takes it: the name alone where that means these and no others. */
  readonly selector: string | Readonly<Record<string, string>>;
}

/** What runs on any machine, whatever its cookbook. */
const OF_THE_MACHINE =
  /^(systemd.*|\(sd-pam\)|dbus-(daemon|broker).*|agetty|getty|login|init|tini|docker-init|dumb-init|sleep|tail|polkitd|udevd|rsyslogd|runsvdir|runsv|svlogd|chronyd|ntpd|containerd.*|dockerd|unattended-upgr.*)$/;
const SHELLS = /^(ba|da|a|z|k)?sh$/;

/** The processes that the checks are about, by program and unit. */
export function processGroups({ processes }: Snapshot): readonly ProcessGroup[] {
  const ours = processes.filter((one) => {
    const isKernels = one.pid === 2 || one.ppid === 2 || one.args.length === 0;
    const name = nameOf(one);
    if (isKernels || one.state === 'Z' || OF_THE_MACHINE.test(name) || SHELLS.test(name)) return false;
    // Of a unit that systemd made for a command or a login nothing stays.
    return one.unit === 'init.scope' || !/\.(scope|slice)$/.test(one.unit ?? '');
  });
  const found = Map.groupBy(ours, (one) => `${nameOf(one)}\0${one.unit ?? ''}`);
  return [...found.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const name = nameOf(first);
    const { unit } = first;
    const pids = new Set(group.map(({ pid }) => pid));
    const isAlone = processes.every((one) => pids.has(one.pid) || !isNamed(one, name));
    const selector = isAlone || unit === undefined ? name : { name, unit };
    const workers = group.filter(({ ppid }) => pids.has(ppid));
    return [{ name, unit, processes: group, workers, selector }];
  });
}

/** The program's own name where the kernel has cut it, or where it calls itself something else. */
function nameOf({ comm, args, exe }: ProcessFact): string {
  const file = exe
    ?.split('/')
    .at(-1)
    ?.replace(/ \(deleted\)$/, '');
  if (file?.startsWith(comm) === true && comm.length === 15) return file;
  return /[/\s]/.test(comm) ? (file ?? args[0]?.split('/').at(-1) ?? comm) : comm;
}
