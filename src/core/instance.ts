/** One cell of suites × platforms, the unit that is created, converged, verified and destroyed. */
export interface Instance {
  /** Unique in a kitchen, safe in host names and file names, e.g. `default-debian-12`. */
  readonly name: string;
  readonly suite: string;
  readonly platform: string;
}

/** The stages an instance goes through, in order (Test Kitchen's FSM, without `destroy`). */
export const STAGES = ['create', 'converge', 'setup', 'verify'] as const;
export type Stage = (typeof STAGES)[number];
export type Action = Stage | 'destroy';
