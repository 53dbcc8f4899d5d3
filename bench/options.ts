import { parseArgs } from 'node:util';
import type { BenchCase } from './case.ts';
import type { ToolName } from './tools/tool.ts';

export interface BenchOptions {
  readonly rounds: number;
  readonly cases: readonly BenchCase[];
  readonly tools: readonly ToolName[];
  readonly json: string | undefined;
  readonly keepStopSignal: boolean;
}

export const USAGE = `npm run bench -- [options]
  --rounds N            how often each case is timed (3)
  --only A,B            only these cases
  --tools galley,peer   only this tool
  --json FILE           also write every single time to FILE
  --keep-stop-signal    leave the STOPSIGNAL of Galley's local images on for the peer, see docs/performance.md`;

/** Throws with a message for people when the command line is wrong; undefined when only help is wanted. */
export function parseOptions(argv: readonly string[], all: readonly BenchCase[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
      tools: { type: 'string', default: 'galley,peer' },
      json: { type: 'string' },
      'keep-stop-signal': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds: expected 1 or more, got ${values.rounds}`);
  const names = all.map((one) => one.name);
  const wanted = values.only === undefined ? names : known(values.only, names, '--only');
  return {
    rounds,
    cases: all.filter((one) => wanted.includes(one.name)),
    tools: known(values.tools, ['galley', 'peer'] as const, '--tools'),
    json: values.json,
    keepStopSignal: values['keep-stop-signal'],
  };
}

function known<T extends string>(text: string, names: readonly T[], option: string): readonly T[] {
  return text.split(',').map((part) => {
    const name = names.find((one) => one === part.trim());
    if (name === undefined) throw new Error(`${option}: '${part}' is none of ${names.join(', ')}`);
    return name;
  });
}
