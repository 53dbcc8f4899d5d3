/** What a runner of existing tests may know of the process that runs Galley; handed in, never looked up. */
export interface SuiteHost {
  /** The caller's environment: PATH for the tools, proxies, licences. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of a folder for what is fetched once for all kitchens. */
  readonly cacheDir: string;
}
