/** What a runner of existing tests may know of the process that runs Galley; handed in, never looked up. */
export interface SuiteHost {
  /** The caller's environment: PATH for the tools, proxies, licences. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
