/** The same question asked by three tools. */
export interface Row {
  /** Id of the check, name of the control, first word of the script's line. */
  readonly id: string;
  /** An item of `verifier: checks`. */
  readonly galley: object;
  /** Body of an InSpec control. */
  readonly inspec: string;
  /** Exits with 0 when all is well. */
  readonly shell: string;
}

/** What a tool made of the rows. */
export interface SideRun {
  /** Wall time of the whole process. */
  readonly seconds: number;
  /** What the tool itself says its looking took, where it does. */
  readonly lookingSeconds: number | undefined;
  /** Ids of the rows that passed, and of those that did not; a skip counts as neither. */
  readonly passed: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  /** What a user sees, as it came. */
  readonly output: string;
}

/** One of the three tools, ready to look at one machine. */
export interface Side {
  readonly name: 'galley' | 'inspec' | 'shell';
  /** With its version. */
  readonly title: string;
  /** `only`: these rows instead of all. */
  readonly run: (only?: string) => Promise<SideRun>;
}
