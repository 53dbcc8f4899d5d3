/** What plugins may know of the process that runs Galley; handed in, never looked up. */
export interface PluginHost {
  /** The caller's environment: credentials, proxies, licences, PATH for the tools of the workstation. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of a folder for downloads, locks and memories, shared by all kitchens of the user. */
  readonly cacheDir: string;
}
