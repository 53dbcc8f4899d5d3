import { describeSelector, type ProcessSelector } from '../../src/checks/probe/process-selector.ts';
import { commandLine, describeProcess, selectProcesses } from '../../src/checks/probe/select-processes.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { ProcessFact } from '../../src/core/snapshot.ts';

/**
 * `args: app.py` is a whole command line. Where none is that but one has it inside, nobody knows whether it was meant as a
 * part: that nothing was selected is no pass then. Undefined where there is no doubt. Pure.
 */
export function partOfArgs(
  all: readonly ProcessFact[],
  selector: ProcessSelector,
  source: string,
): CheckResult | undefined {
  const { args } = selector;
  if (args?.kind !== 'equal' || typeof args.value !== 'string' || args.value === '') return undefined;
  const [near] = selectProcesses(all, { ...selector, args: { kind: 'contains', text: args.value } });
  if (near === undefined) return undefined;
  const line = commandLine(near).slice(0, 120);
  return {
    property: 'process',
    outcome: 'error',
    expected: describeSelector(selector),
    observed: `none has just these arguments, but ${describeProcess(near)} has them among others: ${line}`,
    source,
    notes: ['a plain text is the whole command line: write args: /text/ for a part of it, /^text$/ if not'],
  };
}
