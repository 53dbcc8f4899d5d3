/** The peer's class name of a plugin, as its `list` and `diagnose` show it: `chef_infra` → `ChefInfra`. */
export function pluginName(name: string): string {
  return name.replaceAll(/(?:^|_)([a-z\d])/g, (_, first: string) => first.toUpperCase());
}
