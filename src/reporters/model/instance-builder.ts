import type { ErrorRecord } from '../../core/errors.ts';
import type { CheckReport, EventEnvelope, ResourceResult } from '../../core/events.ts';
import type { Action } from '../../core/instance.ts';
import { phaseName } from '../format/phase.ts';
import { cleanData, cleanLine } from './clean-text.ts';
import { LogBuffer } from './log-excerpt.ts';
import type { InstanceReport, NoticeReport, PhaseReport, ReportedOutcome, WaitReport } from './run-report.ts';

interface OpenPhase {
  readonly action: Action;
  readonly name: string;
  readonly startMs: number;
  readonly activities: { atMs: number; text: string }[];
}

/** Enough for a timeline; a progress bar may speak thousands of times. */
const MOST_ACTIVITIES = 40;

/** Collects what the events say of one instance. */
export class InstanceBuilder {
  readonly name: string;
  readonly #log = new LogBuffer();
  readonly #phases: PhaseReport[] = [];
  readonly #waits: WaitReport[] = [];
  readonly #checks: CheckReport[] = [];
  readonly #resources: ResourceResult[] = [];
  readonly #notices: NoticeReport[] = [];
  #planned: readonly Action[] = [];
  #open: OpenPhase | undefined;
  #startMs: number | undefined;
  #endMs: number | undefined;
  #outcome: ReportedOutcome = 'unfinished';
  #error: ErrorRecord | undefined;
  #kept = false;

  constructor(name: string) {
    this.name = name;
  }

  /** `atMs`: since the start of the run. */
  add(event: EventEnvelope, atMs: number): void {
    this.#startMs ??= atMs;
    switch (event.type) {
      case 'instance:start':
        this.#planned = event.actions;
        break;
      case 'phase:start':
        this.#begin(event.action, phaseName(event), atMs);
        break;
      case 'phase:end':
        this.#finish(event, atMs);
        break;
      case 'progress': {
        const text = cleanLine(event.text);
        const activities = this.#open?.activities;
        if (activities && activities.at(-1)?.text !== text && activities.length < MOST_ACTIVITIES)
          activities.push({ atMs, text });
        break;
      }
      case 'output':
        this.#log.add(this.#open?.name ?? '', event.stream, event.line);
        break;
      case 'check':
        this.#checks.push(cleanData(event.report));
        break;
      case 'resource':
        this.#resources.push(cleanData(event.result));
        break;
      case 'notice':
        this.#notices.push({ level: event.level, message: cleanLine(event.message) });
        break;
      case 'wait': {
        const { what, holder, durationMs } = event;
        const startMs = Math.max(0, atMs - durationMs);
        this.#waits.push({
          what: cleanLine(what),
          ...(holder !== undefined && { holder }),
          startMs,
          durationMs,
        });
        break;
      }
      case 'instance:end': {
        const { outcome, error, kept } = event.summary;
        this.#outcome = outcome;
        this.#error = error && cleanData(error);
        this.#kept = kept ?? false;
        this.#endMs = atMs;
        break;
      }
      default:
    }
  }

  /** `nowMs`: the last moment anything was heard of, for what has not ended. */
  build(nowMs: number, logFile: string | undefined, wait: WaitReport | undefined): InstanceReport {
    const open = this.#open;
    const phases: readonly PhaseReport[] = open
      ? [...this.#phases, { ...open, durationMs: nowMs - open.startMs, outcome: 'unfinished' }]
      : this.#phases;
    return {
      name: this.name,
      outcome: this.#outcome,
      ...(this.#startMs !== undefined && { startMs: this.#startMs }),
      ...(this.#endMs !== undefined && { endMs: this.#endMs }),
      planned: this.#planned,
      phases,
      waits: wait ? [wait, ...this.#waits] : this.#waits,
      checks: this.#checks,
      resources: this.#resources,
      ...(this.#error && { error: this.#error }),
      kept: this.#kept,
      notices: this.#notices,
      log: this.#log.excerpt(),
      ...(logFile !== undefined && { logFile }),
    };
  }

  get startMs(): number | undefined {
    return this.#startMs;
  }

  get endMs(): number | undefined {
    return this.#endMs;
  }

  #begin(action: Action, called: string, startMs: number): void {
    const isClearing = action === 'destroy' && this.#planned.length > 1;
    const word = isClearing && this.#phases.length === 0 ? 'destroy first' : cleanLine(called);
    const count = this.#phases.filter((phase) => phase.name === word).length;
    const name = count === 0 ? word : `${word} #${count + 1}`;
    this.#open = { action, name, startMs, activities: [] };
  }

  #finish(event: EventEnvelope & { readonly type: 'phase:end' }, atMs: number): void {
    const { action, durationMs, outcome, error } = event;
    const open = this.#open ?? {
      action,
      name: cleanLine(phaseName(event)),
      startMs: Math.max(0, atMs - durationMs),
      activities: [],
    };
    this.#phases.push({ ...open, durationMs, outcome, ...(error && { error: cleanData(error) }) });
    this.#open = undefined;
  }
}
