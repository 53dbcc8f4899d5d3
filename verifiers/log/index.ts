import type { Verifier } from '../../src/core/verifier.ts';
import type { LogFacts } from './facts.ts';
import { judgeLog } from './judge.ts';
import { logMarks, logNeeds, observeLog } from './observe.ts';
import { describeSource, type LogSpec, logSpec, sourceOf } from './schema.ts';

/** New lines of a log; what stood there before the converge never matches. */
export const logVerifier: Verifier<LogSpec, LogFacts> = {
  name: 'log',
  description:
    'what is new in a log file, the journal of a unit, or the output of a companion: contains, lacks, count, by level',
  spec: logSpec,
  repeatable: false,
  title: (spec) => `log ${describeSource(sourceOf(spec))}`,
  companions(spec) {
    const source = sourceOf(spec);
    return source.kind === 'companion' ? [source.name] : [];
  },
  marks: logMarks,
  needs: logNeeds,
  observe: observeLog,
  judge: judgeLog,
};
