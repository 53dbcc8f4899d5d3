import type { EventEnvelope } from './events.ts';

/** Sees every event in order. A throwing reporter is reported itself and cannot stop or green a run. */
export interface Reporter {
  readonly name: string;
  onEvent(event: EventEnvelope): void;
  /** Called once after the last event; writes what is still buffered. */
  close?(): Promise<void>;
}
