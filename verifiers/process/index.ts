import { mergeNeeds } from '../../src/checks/merge-needs.ts';
import { chosenProcesses, selectorNeeds } from '../../src/checks/probe/chosen-processes.ts';
import { describeSelector } from '../../src/checks/probe/process-selector.ts';
import { selectProcesses } from '../../src/checks/probe/select-processes.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { judgeProcess, type ProcessFacts } from './judge.ts';
import { observeRestarts } from './restarts.ts';
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
  needs: (spec) =>
    mergeNeeds([
      selectorNeeds(spec.process),
      {
        ...(needsDetails(spec) && { processDetails: true }),
        ...(spec.startedAfter !== undefined && { files: [{ path: spec.startedAfter, content: false }] }),
      },
    ]),
  async observe(spec, probe) {
    const { snapshot } = probe;
    const { pidfile } = spec.process;
    const isNamed =
      pidfile === undefined || snapshot.files.some(({ path, exists }) => path === pidfile && exists);
    if (spec.running === false && !isNamed)
      throw new Error(
        `${pidfile} does not exist, so it names no process that must not run: ask by name, too`,
      );
    const processes = chosenProcesses(spec.process, snapshot);
    const selected = selectProcesses(processes, spec.process);
    return {
      processes,
      restarts: spec.restarts === undefined ? undefined : await observeRestarts(selected, probe),
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
