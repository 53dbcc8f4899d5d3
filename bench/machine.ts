import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import type { Engine } from '../src/docker/connect.ts';

/** What the figures were taken on, one fact a line. */
export function describeMachine(engine: Engine): readonly string[] {
  const { version, storageDriver, cgroupVersion } = engine.info;
  return [...machineFacts(), `Docker Engine ${version}, ${storageDriver}, cgroup v${cgroupVersion}`];
}

/** The same without an engine. */
export function machineFacts(): readonly string[] {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const load = loadavg().map((value) => value.toFixed(1));
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${gibibytes} GiB, Linux ${release()}`,
    `load before: ${load.join(' ')} (1, 5, 15 minutes)`,
    `Node ${process.versions.node}`,
  ];
}
