/** The peer's class name of a plugin, as its `list` and `diagnose` show it: `chef_infra` → `ChefInfra`. */
export function pluginName(name: string): string {
  // kitchen-google alone gives its driver another name than that of its class.
  if (name === 'gce') return 'Google Compute (GCE)';
  return name.replaceAll(/(?:^|_)([a-z\d])/g, (_, first: string) => first.toUpperCase());
}
