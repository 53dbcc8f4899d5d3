/** What a provisioner may know of the machine and user that run Galley; handed in, never looked up. */
export interface ProvisionerHost {
  /** The caller's environment: proxies, CHEF_LICENSE, TKENV_*, PATH for workstation tools. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folder for caches (cookbooks/ below it is used); default `.galley` in the kitchen's folder. */
  readonly cacheDir?: string;
}
