import { describeSelector } from '../../src/checks/probe/process-selector.ts';
import { selectProcesses } from '../../src/checks/probe/select-processes.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { judgeProcess, type ProcessFacts } from './judge.ts';
import { needsDetails, type ProcessSpec, processSpec } from './schema.ts';

/** Processes from /proc: count, user, arguments, master and workers, and whether they are newer than a file. */
export const processVerifier: Verifier<ProcessSpec, ProcessFacts> = {
  name: 'process',
  description:
    'processes: count, user, arguments, master and workers, limits, open files, started after a file was changed',
  spec: processSpec,
  repeatable: false,
  title: (spec) => {
    const who = describeSelector(spec.process);
    const what = who.startsWith('processes') ? who : `process ${who}`;
    return `${what}${spec.running === false ? ' not running' : ''}`;
  },
  needs: (spec) => ({
    processes: true,
    ...(needsDetails(spec) && { processDetails: true }),
    ...(spec.startedAfter !== undefined && { files: [{ path: spec.startedAfter, content: false }] }),
  }),
  async observe(spec, { snapshot }) {
    return {
      processes: snapshot.processes,
      file: snapshot.files.find((one) => one.path === spec.startedAfter),
      takenAt: snapshot.takenAt,
      via: snapshot.via,
    };
  },
  judge: judgeProcess,
  identity: (spec, { processes }) =>
    selectProcesses(processes, spec.process).map(({ pid, comm, startedAt }) => ({
      name: `pid ${pid} (${comm})`,
      since: startedAt,
    })),
};
