import type { Agent } from './client.ts';

/** One connection's place on the machine. */
export interface Place {
  readonly agent: Agent;
  /** Absolute path of its folder there. */
  readonly folder: string;
  /** Folders of commands that are over, removed with the next start. */
  readonly finished: string[];
  /** Set once the machine could not fetch from the bucket. */
  hasNoWayToBucket?: boolean;
  readonly onNotice: (text: string) => void;
}
