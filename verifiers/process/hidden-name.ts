import { describeSelector, type ProcessSelector } from '../../src/checks/probe/process-selector.ts';
import { commandLine, describeProcess, isNamed } from '../../src/checks/probe/select-processes.ts';
import type { CheckResult } from '../../src/core/check.ts';
import type { ProcessFact } from '../../src/core/snapshot.ts';

const INTERPRETER = /^(?:python|ruby|perl|node|nodejs|php|lua|java|bash|dash|sh|ksh|zsh)[\d.]*$/;

/**
 * That nothing has a name is no proof that nothing of the sort runs, where something runs by nearly that name: a script
 * that its interpreter was given (`python3 /srv/app.py` is python3), a title (`nginx: worker process`), the name in other
 * letters. Undefined where there is no doubt. Pure.
 */
export function hiddenName(
  all: readonly ProcessFact[],
  selector: ProcessSelector,
  source: string,
): CheckResult | undefined {
  const { name } = selector;
  if (name === undefined || all.some((one) => isNamed(one, name))) return undefined;
  const near = all.find((one) => isNearly(one, name));
  if (near === undefined) return undefined;
  return {
    property: 'process',
    outcome: 'error',
    expected: describeSelector(selector),
    observed: `nothing has just this name, but ${describeProcess(near)} is ${commandLine(near).slice(0, 120)}`,
    source,
    notes: [
      `select it with its own name (${near.comm}) or by {args: /text/}; by {args: /^text$/} what was not meant`,
    ],
  };
}

function isNearly(process: ProcessFact, name: string): boolean {
  if (process.comm.toLowerCase() === name.toLowerCase()) return true;
  const [program = '', ...args] = process.args;
  if (args.length === 0) return program.startsWith(`${name} `) || program === name;
  if (!INTERPRETER.test(fileName(program))) return false;
  const script = args.find((one) => !one.startsWith('-'));
  return script !== undefined && fileName(script) === name;
}

function fileName(path: string): string {
  return path.replace(/^.*\//s, '');
}
