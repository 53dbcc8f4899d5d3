import type { Matcher } from '../../src/checks/matcher.ts';
import { commandLine } from '../../src/checks/probe/select-processes.ts';
import type { ProcessFact } from '../../src/core/snapshot.ts';
import { LIMITS, type LimitName, type OfOne } from './schema.ts';

/** A value of a process, or why it is not known. */
export type Known = { readonly value: unknown } | { readonly error: string };

/** One attribute that is asked of single processes. */
export interface Asked {
  readonly property: string;
  readonly wanted: Matcher;
  valueOf(process: ProcessFact): Known;
}

const NO_RIGHT = 'no right to look into it (needs root with CAP_SYS_PTRACE)';

/** The attributes of single processes in a fixed order. `takenAt`: seconds since the epoch on the instance. Pure. */
export function askedOf(spec: OfOne, takenAt: number): Asked[] {
  const value = (one: unknown): Known => ({ value: one });
  const known = (one: unknown): Known => (one === undefined ? { error: NO_RIGHT } : { value: one });
  const simple: [keyof OfOne, (process: ProcessFact) => Known][] = [
    ['user', (one) => value(one.user)],
    ['args', (one) => value(commandLine(one))],
    ['exe', (one) => known(one.exe)],
    ['cwd', (one) => known(one.details?.cwd)],
    ['state', (one) => value(one.state)],
    ['uptime', (one) => value(Math.round((takenAt - one.startedAt) * 10) / 10)],
    ['threads', (one) => value(one.threads)],
    ['rss', (one) => value(one.rssKb)],
    ['openFiles', (one) => known(one.details?.openFiles)],
    ['oomScore', (one) => known(one.details?.oomScore)],
  ];
  return [
    ...simple.flatMap(([property, valueOf]): Asked[] => {
      const wanted = spec[property] as Matcher | undefined;
      return wanted === undefined ? [] : [{ property, wanted, valueOf }];
    }),
    ...limitsAsked('limits', 'soft', spec.limits),
    ...limitsAsked('hardLimits', 'hard', spec.hardLimits),
  ];
}

function limitsAsked(key: 'limits' | 'hardLimits', which: 'soft' | 'hard', given: OfOne['limits']): Asked[] {
  return Object.entries(given ?? {}).flatMap(([name, wanted]): Asked[] => {
    if (wanted === undefined) return [];
    const valueOf = ({ details }: ProcessFact): Known => {
      const limit = details?.limits?.[LIMITS[name as LimitName]];
      return limit === undefined ? { error: 'its limits could not be read' } : { value: limit[which] };
    };
    return [{ property: `${key}.${name}`, wanted, valueOf }];
  });
}
