import type { ProcessFact } from '../src/core/snapshot.ts';

/** A process as a snapshot tells of it: `app` of root, below the init process and of no unit, but for what is given. */
export function processFact(pid: number, more: Partial<ProcessFact> = {}): ProcessFact {
  const comm = more.comm ?? 'app';
  return {
    pid,
    ppid: 1,
    comm,
    args: [comm],
    exe: `/usr/bin/${comm}`,
    uid: 0,
    user: 'root',
    state: 'S',
    startedAt: 1,
    unit: undefined,
    rssKb: 1,
    threads: 1,
    ...more,
  };
}
