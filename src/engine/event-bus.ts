import { EVENT_VERSION, type EventEnvelope, type GalleyEvent } from '../core/events.ts';
import type { Redact } from '../core/redactor.ts';
import type { Reporter } from '../core/reporter.ts';

/**
 * The one stream that everything said to people and machines goes through. Numbers and stamps each event and hands
 * it to every reporter; a reporter that throws is dropped and its error kept, so it can neither stop the run nor
 * make it green.
 */
export class EventBus {
  readonly runId: string;
  /** Replaced, never changed, while somebody goes through it. */
  #reporters: readonly Reporter[];
  readonly #failures: { readonly reporter: string; readonly error: unknown }[] = [];
  readonly #redact: Redact;
  #seq = 0;

  /** `redact` masks known secrets in every event before any reporter sees it. */
  constructor(runId: string, reporters: readonly Reporter[], redact: Redact = (value) => value) {
    this.#redact = redact;
    this.runId = runId;
    this.#reporters = [...reporters];
  }

  readonly emit = (event: GalleyEvent): void => {
    this.#seq += 1;
    const time = new Date().toISOString();
    const envelope: EventEnvelope = {
      v: EVENT_VERSION,
      runId: this.runId,
      seq: this.#seq,
      time,
      ...this.#redact(event),
    };
    for (const reporter of this.#reporters) {
      try {
        reporter.onEvent(envelope);
      } catch (error) {
        this.#drop(reporter, error);
      }
    }
  };

  /** Closes all reporters. Returns those that failed, during the run or now. */
  async close(): Promise<readonly { readonly reporter: string; readonly error: unknown }[]> {
    for (const reporter of this.#reporters) {
      try {
        await reporter.close?.();
      } catch (error) {
        this.#drop(reporter, error);
      }
    }
    return this.#failures;
  }

  #drop(reporter: Reporter, error: unknown): void {
    this.#failures.push({ reporter: reporter.name, error });
    this.#reporters = this.#reporters.filter((one) => one !== reporter);
  }
}
