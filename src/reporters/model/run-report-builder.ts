import { join } from 'node:path';
import type { EventEnvelope } from '../../core/events.ts';
import { cleanLine } from './clean-text.ts';
import { InstanceBuilder } from './instance-builder.ts';
import type { NoticeReport, RunReport, WaitReport } from './run-report.ts';

/** Shorter than this an instance did not wait for a slot, it was merely not the first. */
const SHORTEST_WAIT_MS = 100;

/** Turns the events of one run into a report; may be asked at any moment, also when the run never ends. */
export class RunReportBuilder {
  readonly #instances = new Map<string, InstanceBuilder>();
  readonly #notices: NoticeReport[] = [];
  #first: EventEnvelope | undefined;
  #start: (EventEnvelope & { readonly type: 'run:start' }) | undefined;
  #end: (EventEnvelope & { readonly type: 'run:end' }) | undefined;
  #startedMs = 0;
  #nowMs = 0;

  add(event: EventEnvelope): void {
    if (!this.#first) {
      this.#first = event;
      this.#startedMs = Date.parse(event.time);
    }
    this.#nowMs = Math.max(this.#nowMs, Date.parse(event.time) - this.#startedMs);
    if (event.type === 'run:start') {
      this.#start = event;
      for (const name of event.instances) this.#instance(name);
    } else if (event.type === 'run:end') {
      this.#end = event;
    } else if ('instance' in event && event.instance !== undefined) {
      this.#instance(event.instance).add(event, this.#nowMs);
    } else if (event.type === 'notice') {
      this.#notices.push({ level: event.level, message: cleanLine(event.message) });
    }
  }

  build(): RunReport {
    const logDir = this.#start?.logDir;
    const builders = [...this.#instances.values()];
    const ends = builders.map((one) => ({ name: one.name, endMs: one.endMs }));
    return {
      runId: cleanLine(this.#first?.runId ?? ''),
      command: cleanLine(this.#start?.command ?? ''),
      started: this.#first?.time ?? new Date(0).toISOString(),
      durationMs: this.#end?.durationMs ?? this.#nowMs,
      ...(this.#end && { exitCode: this.#end.exitCode }),
      concurrency: this.#start?.concurrency ?? 1,
      instances: builders.map((one) =>
        one.build(
          this.#nowMs,
          logDir === undefined ? undefined : join(logDir, `${one.name}.log`),
          slotWait(one, ends),
        ),
      ),
      notices: this.#notices,
    };
  }

  #instance(given: string): InstanceBuilder {
    const name = cleanLine(given);
    const known = this.#instances.get(name);
    if (known) return known;
    const made = new InstanceBuilder(name);
    this.#instances.set(name, made);
    return made;
  }
}

/** From the start of the run until something was heard of the instance; whoever ended last before it made room. */
function slotWait(
  one: InstanceBuilder,
  ends: readonly { readonly name: string; readonly endMs: number | undefined }[],
): WaitReport | undefined {
  const { startMs } = one;
  if (startMs === undefined || startMs < SHORTEST_WAIT_MS) return undefined;
  const before = ends.filter(
    (end) => end.endMs !== undefined && end.endMs <= startMs && end.name !== one.name,
  );
  const holder = before.toSorted((a, b) => (b.endMs ?? 0) - (a.endMs ?? 0))[0]?.name;
  if (holder === undefined) return undefined;
  return { what: 'a free slot', holder, startMs: 0, durationMs: startMs };
}
