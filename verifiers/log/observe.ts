import { isDeepStrictEqual } from 'node:util';
import { GalleyError } from '../../src/core/errors.ts';
import type { LogNeed, SnapshotNeeds } from '../../src/core/snapshot.ts';
import type { Mark } from '../../src/core/surroundings.ts';
import type { Marks, Probe } from '../../src/core/verifier.ts';
import type { LogFacts, LogMark } from './facts.ts';
import { fileFacts } from './file-facts.ts';
import { observeJournal } from './observe-journal.ts';
import { describeSource, type LogSpec, sinceOf, sourceOf } from './schema.ts';

/** A look at nothing much, for the instance's time. */
const CLOCK: SnapshotNeeds = { files: [{ path: '/', content: false }] };

export const logMarks: Marks<LogSpec> = {
  when(spec) {
    const { kind } = sinceOf(spec);
    return kind === 'converge' ? 'converge' : kind === 'check' ? 'verify' : undefined;
  },
  key: (spec) =>
    `${describeSource(sourceOf(spec))}${sinceOf(spec).kind === 'check' ? ', since verification began' : ''}`,
  needs(spec) {
    const source = sourceOf(spec);
    return source.kind === 'file' ? { logs: [{ path: source.path, from: 'end' }] } : CLOCK;
  },
  async take(spec, { snapshot }): Promise<LogMark> {
    const source = sourceOf(spec);
    const at = snapshot.takenAt;
    if (source.kind !== 'file') return { at };
    const fact = snapshot.logs?.find((one) => one.path === source.path && one.from === 'end');
    if (fact?.error !== undefined) throw new Error(`${source.path}: ${fact.error}`);
    if (!fact) throw new Error(`${source.path} is missing from the snapshot`);
    return fact.end ? { at, position: fact.end } : { at };
  },
};

/** A mark that is missing or is an error is the business of `observeLog`. */
export function logNeeds(spec: LogSpec, given?: { readonly mark?: Mark | undefined }): SnapshotNeeds {
  const source = sourceOf(spec);
  if (source.kind === 'file') return { logs: [{ path: source.path, from: startOf(given?.mark) }] };
  return source.kind === 'unit' ? { units: [source.unit] } : CLOCK;
}

function startOf(mark: Mark | undefined): LogNeed['from'] {
  const value = mark && 'value' in mark ? (mark.value as LogMark) : undefined;
  return value?.position ?? 'start';
}

/** Throws when the log cannot be looked at; a file that is not there is an observation. */
export async function observeLog(spec: LogSpec, probe: Probe): Promise<LogFacts> {
  const since = sinceOf(spec);
  const mark = since.kind === 'converge' || since.kind === 'check' ? markOf(spec, probe) : undefined;
  const after =
    mark?.at ??
    (since.kind === 'at'
      ? since.seconds
      : since.kind === 'ago'
        ? probe.snapshot.takenAt - since.ms / 1000
        : undefined);
  const source = sourceOf(spec);
  const words = sinceWords(since.kind, after);
  if (source.kind === 'file') {
    const from = startOf(probe.mark);
    const fact = probe.snapshot.logs?.find(
      (one) => one.path === source.path && isDeepStrictEqual(one.from, from),
    );
    if (!fact) throw new Error(`${source.path} is missing from the snapshot`);
    return fileFacts(
      fact,
      mark ? undefined : after,
      `${source.path}, ${words}, via ${probe.snapshot.via}`,
      probe.snapshot.takenAt,
    );
  }
  if (source.kind === 'unit') return observeJournal(source.unit, after, words, probe);
  const view =
    source.kind === 'companion' ? probe.around?.companions.get(source.name) : probe.around?.container;
  if (!view) {
    throw new Error(
      source.kind === 'companion'
        ? `the service ${source.name} was not started`
        : 'the instance is no container: it has no output of its own',
    );
  }
  const { lines, isCut } = await view.log(after);
  return {
    exists: true,
    lines: lines.map(({ text }) => ({ text })),
    missed: isCut ? 'it has more lines than are kept' : undefined,
    source: `${describeSource(source)}, ${words}`,
    notes: [],
  };
}

function sinceWords(kind: string, from: number | undefined): string {
  if (kind === 'converge') return 'since the converge began';
  if (kind === 'check') return 'since verification began';
  return from === undefined ? 'from its beginning' : `since ${new Date(from * 1000).toISOString()}`;
}

function markOf(spec: LogSpec, { mark }: Probe): LogMark {
  if (mark && 'value' in mark) return mark.value as LogMark;
  const isConverge = sinceOf(spec).kind === 'converge';
  throw new GalleyError({
    code: 'check.no_position',
    kind: 'verify',
    message: mark
      ? `where the log stood could not be remembered: ${mark.error}`
      : 'nobody remembered where the log stood',
    hint: isConverge
      ? 'galley converge remembers it at its start; since: ever looks at the whole log'
      : 'since: ever looks at the whole log',
  });
}
